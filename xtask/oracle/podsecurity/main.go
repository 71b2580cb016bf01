// Command podsecurity prints what the Pod Security admission of Kubernetes says of pods: those of its own test data, and random
// ones. `cargo xtask kubernetes pod-security` runs it and writes testdata/kubernetes/pod-security.jsonl.gz.
//
//	go run . FOLDER COUNT , where FOLDER is test/testdata of the module k8s.io/pod-security-admission, and COUNT random pods are added
//
// A line of JSON for each pod: `pod`, without its images; `tests`, the files of the test data that hold it (`restricted fail
// runasuser0 23-34`: level, folder, name, minors); `answers`, the level to what is said in each range of minors, empty where it is
// allowed.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

// The newest minor that is asked.
const newest = 37

type line struct {
	Pod     json.RawMessage        `json:"pod"`
	Tests   []string               `json:"tests,omitempty"`
	Answers map[string][][2]string `json:"answers"`
}

type test struct {
	level, verdict, name string
	minor                int
}

func main() {
	log.SetFlags(0)
	count, err := strconv.Atoi(os.Args[2])
	fail(err)
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*", "v1.*", "*", "*.yaml"))
	fail(err)
	tests := map[string][]test{}
	for _, file := range files {
		words := strings.Split(filepath.ToSlash(file), "/")
		words = words[len(words)-4:]
		minor, err := strconv.Atoi(strings.TrimPrefix(words[1], "v1."))
		fail(err)
		text, err := os.ReadFile(file)
		fail(err)
		pod := bare(text)
		tests[pod] = append(tests[pod], test{words[0], words[2], strings.TrimSuffix(words[3], ".yaml"), minor})
	}
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	fail(err)
	pods := make([]string, 0, len(tests))
	for pod := range tests {
		pods = append(pods, pod)
	}
	sort.Strings(pods)
	random := rand.New(rand.NewSource(16))
	for range count {
		text, err := json.Marshal(anyPod(random))
		fail(err)
		pods = append(pods, bare(text))
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, pod := range pods {
		one := line{Pod: json.RawMessage(pod), Tests: inWords(tests[pod]), Answers: map[string][][2]string{}}
		var typed corev1.Pod
		fail(yaml.UnmarshalStrict([]byte(pod), &typed))
		// As the server defaults a volume before any admission sees it.
		for at := range typed.Spec.Volumes {
			if source := &typed.Spec.Volumes[at].VolumeSource; *source == (corev1.VolumeSource{}) {
				source.EmptyDir = &corev1.EmptyDirVolumeSource{}
			}
		}
		for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
			one.Answers[string(level)] = answers(evaluator, level, &typed)
		}
		fail(out.Encode(one))
	}
}

// What is said from minor to minor, in ranges.
func answers(evaluator policy.Evaluator, level api.Level, pod *corev1.Pod) [][2]string {
	var found [][2]string
	first := 0
	for minor := 0; minor <= newest; minor++ {
		said := ""
		asked := api.LevelVersion{Level: level, Version: api.MajorMinorVersion(1, minor)}
		result := policy.AggregateCheckResults(evaluator.EvaluatePod(asked, &pod.ObjectMeta, &pod.Spec))
		if !result.Allowed {
			said = result.ForbiddenDetail()
		}
		if minor == 0 || found[len(found)-1][1] != said {
			first = minor
			found = append(found, [2]string{"", said})
		}
		found[len(found)-1][0] = fmt.Sprintf("%d-%d", first, minor)
	}
	return found
}

// The pod as JSON, without what no check reads.
func bare(text []byte) string {
	var pod map[string]any
	fail(yaml.Unmarshal(text, &pod))
	delete(pod, "status")
	spec := pod["spec"].(map[string]any)
	for _, list := range []string{"initContainers", "containers", "ephemeralContainers"} {
		items, _ := spec[list].([]any)
		for _, item := range items {
			delete(item.(map[string]any), "image")
			delete(item.(map[string]any), "resources")
		}
	}
	metadata := pod["metadata"].(map[string]any)
	if metadata["creationTimestamp"] == nil {
		delete(metadata, "creationTimestamp")
	}
	delete(metadata, "name")
	out, err := json.Marshal(pod)
	fail(err)
	return string(out)
}

func inWords(tests []test) []string {
	minors := map[string][]int{}
	for _, one := range tests {
		key := one.level + " " + one.verdict + " " + one.name
		minors[key] = append(minors[key], one.minor)
	}
	var words []string
	for key, list := range minors {
		sort.Ints(list)
		for at := 0; at < len(list); {
			end := at
			for end+1 < len(list) && list[end+1] == list[end]+1 {
				end++
			}
			words = append(words, fmt.Sprintf("%s %d-%d", key, list[at], list[end]))
			at = end + 1
		}
	}
	sort.Strings(words)
	return words
}

func fail(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

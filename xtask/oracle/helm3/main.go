// Command helm3 asks the packages of Helm 3.18.5, with which NVIDIA's service renders, what they make of trees of charts. It
// talks as the oracle beside it does, which asks Helm 4: a JSON question a line, a JSON answer a line. It is a module of its
// own because both cannot be built against one version of Kubernetes' libraries.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"sort"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/strvals"
	"sigs.k8s.io/yaml"
)

// question is a case: its kind, and the texts of its sections.
type question struct {
	Kind     string
	Sections []section
}

// section is a heading `=== Kind Name` and the text below it.
type section struct {
	Kind string
	Name string
	Text string
}

func main() {
	log.SetOutput(io.Discard)
	questions := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	answers.SetEscapeHTML(false)
	for {
		var q question
		if err := questions.Decode(&q); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(1)
		}
		if err := answers.Encode(ask(q)); err != nil {
			os.Exit(1)
		}
	}
}

// ask answers a question with the sections to record: what came out, and `error` if it failed.
func ask(q question) (answer []section) {
	defer func() {
		if p := recover(); p != nil {
			answer = []section{{Kind: "error", Text: fmt.Sprint("panic: ", p)}}
		}
	}()
	if q.Kind != "helm3" {
		return []section{{Kind: "error", Text: "oracle: no such kind of question: " + q.Kind}}
	}
	answer, err := layers(q)
	if err != nil {
		answer = append(answer, section{Kind: "error", Text: err.Error()})
	}
	return answer
}

// layers renders the chart in the file sections, installed as "release" into "default", under the user's values: the
// sections `values` and the expressions after them, one over the other.
func layers(q question) ([]section, error) {
	answer := []section{}
	var files []*loader.BufferedFile
	user := map[string]any{}
	for _, s := range q.Sections {
		switch s.Kind {
		case "file":
			files = append(files, &loader.BufferedFile{Name: s.Name, Data: []byte(s.Text)})
		case "values":
			more := map[string]any{}
			if err := yaml.Unmarshal([]byte(s.Text), &more); err != nil {
				return answer, err
			}
			user = mergeMaps(user, more)
		}
	}
	if err := setInto(q, user); err != nil {
		return answer, err
	}
	chart, err := loader.LoadFiles(files)
	if err != nil {
		return answer, err
	}
	if err := chartutil.ProcessDependenciesWithMerge(chart, user); err != nil {
		return answer, err
	}
	release := chartutil.ReleaseOptions{Name: "release", Namespace: "default", Revision: 1, IsInstall: true}
	values, err := chartutil.ToRenderValues(chart, user, release, chartutil.DefaultCapabilities.Copy())
	if err != nil {
		return answer, err
	}
	rendered, err := engine.Render(chart, values)
	if err != nil {
		return answer, err
	}
	for name, text := range rendered {
		answer = append(answer, section{Kind: "want", Name: name, Text: text})
	}
	sort.Slice(answer, func(i, j int) bool { return answer[i].Name < answer[j].Name })
	return answer, nil
}

// setInto sets the expressions in the order in which they stand.
func setInto(q question, user map[string]any) error {
	set := map[string]func(string, map[string]any) error{
		"set": strvals.ParseInto, "string": strvals.ParseIntoString, "json-values": strvals.ParseJSON,
	}
	var failed error
	for _, s := range q.Sections {
		if parse, known := set[s.Kind]; known && failed == nil {
			failed = errors.Join(failed, parse(s.Text, user))
		}
	}
	return failed
}

// mergeMaps lays b over a. Helm: pkg/cli/values mergeMaps.
func mergeMaps(a, b map[string]any) map[string]any {
	out := map[string]any{}
	for key, value := range a {
		out[key] = value
	}
	for key, value := range b {
		over, isMap := value.(map[string]any)
		under, wasMap := out[key].(map[string]any)
		if isMap && wasMap {
			value = mergeMaps(under, over)
		}
		out[key] = value
	}
	return out
}

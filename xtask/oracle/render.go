package main

import (
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
	"sigs.k8s.io/yaml"
)

// unnamed is the file that a template section without a name stands for.
const unnamed = "templates/t.yaml"

// render runs Helm's engine on a chart called "c", installed as "release" into "default".
func render(q question) ([]section, error) {
	execute, err := prepare(q)
	if err != nil {
		return nil, err
	}
	rendered, err := execute()
	if err != nil {
		return nil, err
	}
	var answer []section
	for name, text := range rendered {
		name = strings.TrimPrefix(name, "c/")
		if name == unnamed {
			name = ""
		}
		answer = append(answer, section{Kind: "want", Name: name, Text: text})
	}
	sort.Slice(answer, func(i, j int) bool { return answer[i].Name < answer[j].Name })
	return answer, nil
}

// prepare does what comes before the templates: it makes the chart and reads its values. What it gives parses the
// templates and executes them.
func prepare(q question) (func() (map[string]string, error), error) {
	c := &chart.Chart{Metadata: &chart.Metadata{APIVersion: "v2", Name: "c", Version: "0.1.0", AppVersion: "1.0"}}
	for name, text := range q.all("template") {
		if name == "" {
			name = unnamed
		}
		c.Templates = append(c.Templates, &common.File{Name: name, Data: []byte(text)})
	}
	for name, text := range q.all("file") {
		c.Files = append(c.Files, &common.File{Name: name, Data: []byte(text)})
	}
	values := map[string]any{}
	if err := yaml.Unmarshal([]byte(q.text("values")), &values); err != nil {
		return nil, err
	}
	release := common.ReleaseOptions{Name: "release", Namespace: "default", Revision: 1, IsInstall: true}
	top, err := util.ToRenderValues(c, values, release, common.DefaultCapabilities.Copy())
	if err != nil {
		return nil, err
	}
	if q.Kind == "methods" {
		top["Values"].(common.Values)["probe"] = probe{}
	}
	e := engine.Engine{Strict: q.has("strict"), LintMode: q.has("lint")}
	return func() (map[string]string, error) { return e.Render(c, top) }, nil
}

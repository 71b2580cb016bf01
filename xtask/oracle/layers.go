package main

import (
	"bytes"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
)

// layers renders the chart in the file sections, installed as "release" into "default", under the user's values: the
// sections `values` and the expressions of setValue, one over the other in the order in which they stand.
func layers(q question) (answer []section, err error) {
	var log bytes.Buffer
	logTo(&log)(false)
	defer func() {
		// What is told while a map is walked is told in any order.
		if lines := strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n"); lines[0] != "" {
			sort.Strings(lines)
			answer = append(answer, section{Kind: "stderr", Text: strings.Join(lines, "\n")})
		}
	}()
	var files []*archive.BufferedFile
	user := map[string]any{}
	for _, s := range q.Sections {
		switch s.Kind {
		case "file":
			files = append(files, &archive.BufferedFile{Name: s.Name, Data: []byte(s.Text)})
		case "values":
			more, err := loader.LoadValues(bytes.NewReader([]byte(s.Text)))
			if err != nil {
				return nil, err
			}
			user = loader.MergeMaps(user, more)
		}
	}
	if err := setInto(q, user); err != nil {
		return nil, err
	}
	chart, err := loader.LoadFiles(files)
	if err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependencies(chart, user); err != nil {
		return nil, err
	}
	release := common.ReleaseOptions{Name: "release", Namespace: "default", Revision: 1, IsInstall: true}
	values, err := util.ToRenderValues(chart, user, release, common.DefaultCapabilities.Copy())
	if err != nil {
		return nil, err
	}
	rendered, err := engine.Render(chart, values)
	if err != nil {
		return nil, err
	}
	for name, text := range rendered {
		answer = append(answer, section{Kind: "want", Name: name, Text: text})
	}
	sort.Slice(answer, func(i, j int) bool { return answer[i].Name < answer[j].Name })
	return answer, nil
}

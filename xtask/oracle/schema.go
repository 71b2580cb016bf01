package main

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
)

// asked is how often a schema is asked: the order in which Helm walks a map is another each time.
const asked = 16

// schema holds the section `values` against the section `schema`. Where the answers differ, each is given without its order.
func schema(q question) ([]section, error) {
	values, err := common.ReadValues([]byte(q.text("values")))
	if err != nil {
		return nil, err
	}
	answers := map[string]bool{}
	for range asked {
		err := util.ValidateAgainstSingleSchema(values, []byte(q.text("schema")))
		if err == nil {
			return nil, nil
		}
		answers[err.Error()] = true
	}
	texts := map[string]bool{}
	for text := range answers {
		if len(answers) == 1 {
			return nil, errors.New(text)
		}
		texts[unordered(text)] = true
	}
	var sections []section
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		sections = append(sections, section{Kind: "error", Name: "unordered", Text: text})
	}
	return sections, nil
}

// unordered sorts the lines of a report, and the words of each.
func unordered(report string) string {
	lines := strings.Split(report, "\n")
	for i, line := range lines {
		words := strings.Split(strings.ReplaceAll(line, ",", " "), " ")
		slices.Sort(words)
		lines[i] = strings.Join(words, " ")
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

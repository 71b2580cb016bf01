package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/Masterminds/semver/v3"
	gobwas "github.com/gobwas/glob"
	"helm.sh/helm/v4/pkg/ignore"
	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/yaml"
)

// readYAML turns the section `yaml` into JSON.
func readYAML(q question) ([]section, error) {
	text, err := yaml.YAMLToJSON([]byte(q.text("yaml")))
	if err != nil {
		return nil, err
	}
	return []section{{Kind: "json", Text: string(text)}}, nil
}

// setValue sets expressions (see setInto) into the section `values`.
func setValue(q question) ([]section, error) {
	base := map[string]any{}
	if err := yaml.Unmarshal([]byte(q.text("values")), &base); err != nil {
		return nil, err
	}
	if err := setInto(q, base); err != nil {
		return nil, err
	}
	text, err := json.Marshal(base)
	if err != nil {
		return nil, err
	}
	return []section{{Kind: "json", Text: string(text)}}, nil
}

// setInto sets the expressions in the sections `set`, `string`, `literal`, `json-values` and `file-values`.
func setInto(q question, base map[string]any) error {
	files := q.all("file")
	read := func(name []rune) (any, error) {
		if text, known := files[string(name)]; known {
			return text, nil
		}
		return nil, fmt.Errorf("no file %s", string(name))
	}
	parsers := map[string]func(string, map[string]any) error{
		"set": strvals.ParseInto, "string": strvals.ParseIntoString,
		"literal": strvals.ParseLiteralInto, "json-values": strvals.ParseJSON,
		"file-values": func(text string, base map[string]any) error { return strvals.ParseIntoFile(text, base, read) },
	}
	for _, s := range q.Sections {
		if parse := parsers[s.Kind]; parse != nil {
			if err := parse(s.Text, base); err != nil {
				return err
			}
		}
	}
	return nil
}

// verdicts says of each line of the section `names` whether it holds: `yes NAME` or `no NAME`.
func verdicts(q question, holds func(name string) (bool, error)) ([]section, error) {
	var lines []string
	for _, name := range strings.Split(q.text("names"), "\n") {
		yes, err := holds(name)
		if err != nil {
			return nil, err
		}
		word := "no"
		if yes {
			word = "yes"
		}
		lines = append(lines, fmt.Sprintf("%s %s", word, name))
	}
	return []section{{Kind: "want", Text: strings.Join(lines, "\n")}}, nil
}

// constraint holds versions against a Masterminds constraint; a text that is no version satisfies none.
func constraint(q question) ([]section, error) {
	c, err := semver.NewConstraint(q.text("constraint"))
	if err != nil {
		return nil, err
	}
	return verdicts(q, func(name string) (bool, error) {
		v, err := semver.NewVersion(name)
		return err == nil && c.Check(v), nil
	})
}

// glob holds names against a gobwas pattern, as .Files.Glob does.
func glob(q question) ([]section, error) {
	g, err := gobwas.Compile(q.text("pattern"), '/')
	if err != nil {
		return nil, err
	}
	return verdicts(q, func(name string) (yes bool, err error) {
		// Some patterns panic, which a template tells as the error of its call.
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("%v", p)
			}
		}()
		return g.Match(name), nil
	})
}

// match holds names against a filepath.Match pattern.
func match(q question) ([]section, error) {
	return verdicts(q, func(name string) (bool, error) { return filepath.Match(q.text("pattern"), name) })
}

// ignored holds paths against a .helmignore; a name that ends in a slash is a folder.
func ignored(q question) ([]section, error) {
	rules, err := ignore.Parse(strings.NewReader(q.text("helmignore")))
	if err != nil {
		return nil, err
	}
	return verdicts(q, func(name string) (bool, error) {
		return rules.Ignore(strings.TrimSuffix(name, "/"), entry(name)), nil
	})
}

// entry is a file, or a folder, of that name and nothing more.
type entry string

func (e entry) Name() string       { return filepath.Base(string(e)) }
func (e entry) IsDir() bool        { return strings.HasSuffix(string(e), "/") }
func (e entry) Size() int64        { return 0 }
func (e entry) ModTime() time.Time { return time.Time{} }
func (e entry) Sys() any           { return nil }
func (e entry) Mode() fs.FileMode {
	if e.IsDir() {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

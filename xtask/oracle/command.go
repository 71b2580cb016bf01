package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"helm.sh/helm/v4/pkg/cmd"
)

// folder stands for the fresh folder of a command in what it says.
const folder = "@DIR@"

// command runs a helm command line in a fresh folder in which the file sections were laid down.
func command(q question) ([]section, error) {
	home, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(home)
	if err := layDown(q, home); err != nil {
		return nil, err
	}
	if err := os.Chdir(home); err != nil {
		return nil, err
	}
	os.Setenv("HOME", home)
	for _, what := range []string{"cache", "config", "data"} {
		os.Setenv("HELM_"+strings.ToUpper(what)+"_HOME", filepath.Join(home, ".helm", what))
	}
	var args []string
	if text := q.text("args"); text != "" {
		args = strings.Split(text, "\n")
	}
	// Helm tells what it writes to files, and pflag what is deprecated, past the writers that they are given.
	told, restore, err := redirect(home, &os.Stdout)
	if err != nil {
		return nil, err
	}
	defer restore()
	warned, restoreErr, err := redirect(home, &os.Stderr)
	if err != nil {
		return nil, err
	}
	defer restoreErr()
	var stdout, stderr bytes.Buffer
	root, err := cmd.NewRootCmd(&stdout, args, logTo(&stderr))
	if err == nil {
		// Usage speaks of the program by its name.
		root.Use = "plimsoll"
		root.SetArgs(args)
		root.SetErr(&stderr)
		err = root.Execute()
		// The settings outlive the command.
		root.PersistentFlags().Visit(func(flag *pflag.Flag) { flag.Value.Set(flag.DefValue) })
	}
	var answer []section
	say := func(kind, text string) {
		if text != "" {
			answer = append(answer, section{Kind: kind, Text: strings.ReplaceAll(text, home, folder)})
		}
	}
	say("stdout", told()+stdout.String())
	say("stderr", warned()+stderr.String())
	if err != nil {
		say("error", err.Error())
	}
	wrote, err := written(home, q)
	return append(answer, wrote...), err
}

// written gives the files below the folder that were not given or have another text now, without what Helm keeps for itself.
func written(home string, q question) ([]section, error) {
	given, binary := q.all("file"), q.all("bytes")
	var wrote []section
	err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == home {
			return err
		}
		if strings.HasPrefix(entry.Name(), ".") {
			if entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(home, path)
		if _, known := binary[name]; err != nil || known || !entry.Type().IsRegular() {
			return err
		}
		// Archives, what is signed and what is locked say when they were made.
		if slices.Contains([]string{".tgz", ".prov", ".lock"}, filepath.Ext(name)) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if before, known := given[name]; !known || before != string(text) {
			wrote = append(wrote, section{Kind: "wrote", Name: name, Text: string(text)})
		}
		return err
	})
	return wrote, err
}

// flags lists every flag of the command in `args`, one a line: name, shorthand, type, and what it is taken for without a
// value.
func flags(q question) ([]section, error) {
	root, err := cmd.NewRootCmd(io.Discard, nil, logTo(io.Discard))
	if err != nil {
		return nil, err
	}
	var words []string
	if text := q.text("args"); text != "" {
		words = strings.Split(text, "\n")
	}
	command, rest, err := root.Find(words)
	if err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("no command %v: %v", words, err)
	}
	var lines []string
	list := func(flag *pflag.Flag) {
		line := "--" + flag.Name + " " + flag.Value.Type()
		if flag.Shorthand != "" {
			line += " -" + flag.Shorthand
		}
		if flag.NoOptDefVal != "" {
			line += " alone=" + flag.NoOptDefVal
		}
		lines = append(lines, line)
	}
	command.NonInheritedFlags().VisitAll(list)
	command.InheritedFlags().VisitAll(list)
	slices.Sort(lines)
	return []section{{Kind: "want", Text: strings.Join(lines, "\n")}}, nil
}

// layDown writes the files, the archives and the symbolic links of a case.
func layDown(q question, home string) error {
	write := map[string]func(path, text string) error{
		"file": func(path, text string) error { return os.WriteFile(path, []byte(text), 0o644) },
		"link": func(path, text string) error { return os.Symlink(text, path) },
		"bytes": func(path, text string) error {
			content, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return err
			}
			return os.WriteFile(path, content, 0o644)
		},
	}
	for _, s := range q.Sections {
		if write[s.Kind] == nil {
			continue
		}
		path := filepath.Join(home, filepath.FromSlash(s.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := write[s.Kind](path, s.Text); err != nil {
			return err
		}
	}
	return nil
}

// redirect lets the file be another one until it is restored; what was written by then can be read.
func redirect(folder string, file **os.File) (read func() string, restore func(), err error) {
	own := *file
	other, err := os.CreateTemp(folder, ".redirected")
	if err != nil {
		return nil, nil, err
	}
	*file = other
	read = func() string {
		text, _ := os.ReadFile(other.Name())
		return string(text)
	}
	return read, func() { *file = own; other.Close() }, nil
}

// logTo lays log lines out as Helm's own logger does, without a time.
func logTo(w io.Writer) func(debug bool) {
	return func(debug bool) {
		level := slog.LevelInfo
		if debug {
			level = slog.LevelDebug
		}
		slog.SetDefault(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
			Level: level,
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		})))
	}
}

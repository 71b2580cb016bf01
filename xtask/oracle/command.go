package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"log/slog"
	"os"
	"path/filepath"
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
	return answer, nil
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

// Command oracle asks Helm's own packages what they do. It reads one JSON question a line from standard input and writes one
// JSON answer a line, in order. `cargo xtask oracle` builds it, asks every case below testdata/ and records the answers; the
// tests themselves never need it.
//
// Read ask below: each kind of question is one function that gives the sections to be recorded.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"time"
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

// all gives every section of a kind as name -> text.
func (q question) all(kind string) map[string]string {
	found := map[string]string{}
	for _, s := range q.Sections {
		if s.Kind == kind {
			found[s.Name] = s.Text
		}
	}
	return found
}

// text gives the first section of a kind, or nothing.
func (q question) text(kind string) string {
	for _, s := range q.Sections {
		if s.Kind == kind {
			return s.Text
		}
	}
	return ""
}

func (q question) has(kind string) bool {
	for _, s := range q.Sections {
		if s.Kind == kind {
			return true
		}
	}
	return false
}

func main() {
	// A value that contains itself exhausts any stack; a smaller one is exhausted sooner.
	stack := flag.Int("stack", 256, "the `MiB` that a goroutine's stack may grow to")
	patience := flag.Duration("patience", time.Hour, "how long a question may take before it ends the program")
	flag.Parse()
	debug.SetMaxStack(*stack << 20)
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	questions := json.NewDecoder(bufio.NewReader(os.Stdin))
	out := bufio.NewWriterSize(os.Stdout, 1<<12)
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)
	watch := time.AfterFunc(*patience, func() { os.Exit(1) })
	for {
		var q question
		watch.Stop()
		if err := questions.Decode(&q); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(1)
		}
		watch.Reset(*patience)
		if err := errors.Join(answers.Encode(ask(q)), out.Flush()); err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
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
	kinds := map[string]func(question) ([]section, error){
		"template": render, "funcs": render, "methods": render,
		"values": command, "charts": command, "lint": command, "provenance": command, "show": command,
		"layers": layers,
		"bench":  bench, "keys": keys, "errors": errorFormats,
		"yaml": readYAML, "strvals": setValue,
		"flags":  flags,
		"semver": constraint, "glob": glob, "match": match, "ignore": ignored, "schema": schema,
	}
	asked, known := kinds[q.Kind]
	if !known {
		return []section{{Kind: "error", Text: "oracle: no such kind of question: " + q.Kind}}
	}
	answer = []section{}
	found, err := asked(q)
	answer = append(answer, found...)
	if err != nil {
		answer = append(answer, section{Kind: "error", Text: err.Error()})
	}
	return answer
}

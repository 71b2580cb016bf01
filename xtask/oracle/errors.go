package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/Masterminds/sprig/v3"
	"helm.sh/helm/v4/pkg/engine"
)

// packages are those whose sources can be asked for, each with a function of it: the program knows where that stood.
var packages = map[string]any{
	"text/template":              template.New,
	"text/template/parse":        parse.Parse,
	"helm.sh/helm/v4/pkg/engine": engine.Render,
	"sprig":                      sprig.FuncMap,
}

// verb is what fmt replaces.
var verb = regexp.MustCompile(`%[#+]?[a-zA-Z]`)

// errorFormats answers with every format of an error that stands in a file of a package, `package/file.go` as its section
// `source` says: what errorf, Errorf, errors.New and panic are given, and in which contexts a token may be unexpected.
// A case that lists formats itself asks for nothing.
func errorFormats(q question) ([]section, error) {
	if q.has("formats") {
		return nil, nil
	}
	name, file := filepath.Split(strings.TrimSpace(q.text("source")))
	known, found := packages[strings.TrimSuffix(name, "/")]
	if !found {
		return nil, fmt.Errorf("no such package: %s", name)
	}
	inside, _ := runtime.FuncForPC(reflect.ValueOf(known).Pointer()).FileLine(0)
	tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(filepath.Dir(inside), file), nil, 0)
	if err != nil {
		return nil, err
	}
	var formats []string
	for _, declared := range tree.Decls {
		formats = append(formats, formatsIn(declared)...)
	}
	slices.Sort(formats)
	return []section{{Kind: "want", Text: strings.Join(slices.Compact(formats), "\n")}}, nil
}

// formatsIn gives the formats of a declaration.
func formatsIn(declared ast.Node) (formats []string) {
	constants := map[string]string{}
	text := func(e ast.Expr) string {
		if name, is := e.(*ast.Ident); is {
			return constants[name.Name]
		}
		literal, is := e.(*ast.BasicLit)
		if !is {
			return ""
		}
		said, _ := strconv.Unquote(literal.Value)
		return said
	}
	ast.Inspect(declared, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ValueSpec:
			if len(node.Values) == 1 {
				constants[node.Names[0].Name] = text(node.Values[0])
			}
		case *ast.CallExpr:
			if len(node.Args) == 0 {
				return true
			}
			format := ""
			switch called(node) {
			case "errorf", "Errorf", "errors.New", "panic":
				format = text(node.Args[0])
			case "unexpected", "expect", "expectOneOf":
				if context := text(node.Args[len(node.Args)-1]); context != "" {
					format = "unexpected %s in " + context
				}
			}
			if strings.ContainsFunc(verb.ReplaceAllString(format, ""), func(r rune) bool { return 'a' <= r && r <= 'z' }) {
				formats = append(formats, strings.ReplaceAll(format, "\n", `\n`))
			}
		}
		return true
	})
	return formats
}

// called is the name of what is called, without the receiver but for New, which everybody has.
func called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		if from, is := fun.X.(*ast.Ident); is && fun.Sel.Name == "New" {
			return from.Name + ".New"
		}
		return fun.Sel.Name
	}
	return ""
}

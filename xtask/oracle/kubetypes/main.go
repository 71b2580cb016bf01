// Command kubetypes prints the Go types of every kind that client-go's scheme knows, in the form that
// src/kubernetes/types.txt holds: what a Kubernetes client drops, adds and refuses when it decodes an object and
// encodes it again is decided by these types. Run it with `go run . > ../../../src/kubernetes/types.txt`.
//
//	kind GROUP/VERSION KIND TYPE [list]     a kind; `list` marks one without object metadata of its own
//	type TYPE                               a struct, followed by its fields, one a line:
//	  NAME TYPE [omitempty]                 JSON name, type (`*` pointer, `[]` slice, `map:` string-keyed map)
package main

import (
	"bufio"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
)

// Types with an encoding of their own; src/kubernetes knows them by these words.
var special = map[string]string{
	"k8s.io/apimachinery/pkg/api/resource.Quantity":   "quantity",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString": "int-or-string",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":       "time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":  "micro-time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":   "duration",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":   "raw",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":    "raw",
}

type printer struct {
	out     *bufio.Writer
	pending []reflect.Type
	seen    map[reflect.Type]bool
}

func main() {
	p := &printer{out: bufio.NewWriter(os.Stdout), seen: map[reflect.Type]bool{}}
	defer p.out.Flush()
	fmt.Fprintln(p.out, "# The Go types behind every kind of client-go v0.33.3, printed by xtask/oracle/kubetypes.")
	known := scheme.Scheme.AllKnownTypes()
	var lines []string
	for gvk, t := range known {
		if gvk.Version == "__internal" {
			continue
		}
		gv := gvk.Version
		if gvk.Group != "" {
			gv = gvk.Group + "/" + gvk.Version
		}
		line := fmt.Sprintf("kind %s %s %s", gv, gvk.Kind, p.name(t))
		if _, ok := reflect.New(t).Interface().(metav1.Object); !ok {
			line += " list"
		}
		lines = append(lines, line)
	}
	sort.Strings(lines)
	fmt.Fprintln(p.out, strings.Join(lines, "\n"))
	for len(p.pending) > 0 {
		sort.Slice(p.pending, func(i, j int) bool { return key(p.pending[i]) < key(p.pending[j]) })
		t := p.pending[0]
		p.pending = p.pending[1:]
		fmt.Fprintf(p.out, "type %s\n", short(t))
		p.fields(t)
	}
}

func key(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

// short is `apps/v1.Deployment` for `k8s.io/api/apps/v1.Deployment`.
func short(t reflect.Type) string {
	path := strings.TrimPrefix(t.PkgPath(), "k8s.io/api/")
	path = strings.TrimPrefix(path, "k8s.io/apimachinery/pkg/apis/")
	return path + "." + t.Name()
}

func (p *printer) fields(t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		options := strings.Join(tag[1:], ",")
		if f.Anonymous && (tag[0] == "" || strings.Contains(options, "inline")) {
			p.fields(f.Type)
			continue
		}
		if tag[0] == "-" || !f.IsExported() {
			continue
		}
		name := tag[0]
		if name == "" {
			name = f.Name
		}
		line := fmt.Sprintf("  %s %s", name, p.name(f.Type))
		if strings.Contains(options, "omitempty") {
			line += " omitempty"
		}
		fmt.Fprintln(p.out, line)
	}
}

func (p *printer) name(t reflect.Type) string {
	if word := special[key(t)]; word != "" {
		return word
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + p.name(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + p.name(t.Elem())
	case reflect.Map:
		return "map:" + p.name(t.Elem())
	case reflect.Struct:
		if !p.seen[t] {
			p.seen[t] = true
			p.pending = append(p.pending, t)
		}
		return short(t)
	case reflect.Interface:
		return "raw"
	default:
		return t.Kind().String()
	}
}

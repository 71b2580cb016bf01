// Command kubeapi prints what each Kubernetes minor knows, in the form that src/apiserver/known reads: the Go types behind every
// kind, the versions that its server serves, and what is deprecated. It parses sources and compiles none.
//
//	go run . MINOR MODULES… , where MODULES is the module cache's folder k8s.io and the versions stand in versions.txt
//
// The text:
//
//	kind GROUP/VERSION KIND TYPE RESOURCE SCOPE RANGE [deprecated=N] [removed=N] [replacement=GROUP/VERSION:KIND]
//	name TYPE UNDERLYING [RANGE]     a named type that is no struct
//	type TYPE                        a struct, followed by its fields, one a line:
//	  JSONNAME TYPE [GoName] [RANGE]   `=GoName` for a field that is inlined; GoName where it is not the JSON name in upper case
//
// A RANGE is `29-37`; it is left out where it is all of them. Internal types have no JSON names, only Go's.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// Types with an encoding of their own are leaves.
var leaves = map[string]bool{
	"resource.Quantity": true, "intstr.IntOrString": true, "meta/v1.Time": true, "meta/v1.MicroTime": true, "meta/v1.Duration": true,
	"meta/v1.FieldsV1": true, "runtime.RawExtension": true, "apiextensions/v1.JSON": true, "apiextensions/v1.JSONSchemaPropsOrArray": true,
	"apiextensions/v1.JSONSchemaPropsOrBool": true, "apiextensions/v1.JSONSchemaPropsOrStringArray": true, "runtime.Object": true,
}

// Internal types that the server prints whole.
var internals = []string{
	"apps.DaemonSetUpdateStrategy", "apps.DeploymentStrategy", "apps.StatefulSetUpdateStrategy", "core.ServicePort", "core.SecurityContext",
	"core.SeccompProfile", "core.PodSecurityContext", "core.Toleration", "core.Probe", "core.Lifecycle", "core.ResourceRequirements",
	"core.EndpointPort", "core.NodeSelectorTerm", "core.PersistentVolumeSpec", "core.PersistentVolumeClaimSpec", "core.ContainerPort",
	"core.TopologySpreadConstraint", "autoscaling.MetricTarget", "networking.IngressBackend", "core.PodResizePolicy", "core.TypedLocalObjectReference",
	"core.AppArmorProfile", "core.DownwardAPIVolumeFile", "networking.IPBlock", "core.EphemeralContainer", "core.Container", "core.Volume",
	"batch.PodFailurePolicyOnExitCodesRequirement", "batch.PodFailurePolicyRule", "admissionregistration.ParamKind", "rbac.RoleRef", "core.HostAlias",
	"apiextensions.CustomResourceDefinitionVersion", "apiextensions.ValidationRule", "apiextensions.CustomResourceSubresources",
	"apiextensions.CustomResourceColumnDefinition", "core.ScopedResourceSelectorRequirement", "core.ContainerResizePolicy", "core.ObjectReference",
}

type field struct{ name, typ, goName string }
type typ struct {
	fields     []field
	underlying string
}
type kind struct{ version, kind, typ, resource, scope, extra string }
type minor struct {
	number int
	types  map[string]*typ
	kinds  map[string]kind
}

type loader struct {
	roots  map[string]string // import path prefix -> folder
	loaded map[string]map[string]*ast.TypeSpec
	files  map[*ast.TypeSpec]*ast.File
	pkgs   map[string]string // short -> folder
	minor  *minor
}

// The short name of a package by its import path, which is unique among those that objects use.
func short(path string) string {
	for _, p := range [][2]string{{"k8s.io/api/", ""}, {"k8s.io/apimachinery/pkg/apis/", ""}, {"k8s.io/apimachinery/pkg/api/", ""}, {"k8s.io/apimachinery/pkg/util/", ""},
		{"k8s.io/apimachinery/pkg/", ""}, {"k8s.io/apiextensions-apiserver/pkg/apis/", ""}, {"k8s.io/kube-aggregator/pkg/apis/", ""}, {"k8s.io/kubernetes/pkg/apis/", ""}} {
		if strings.HasPrefix(path, p[0]) {
			return p[1] + strings.TrimPrefix(path, p[0])
		}
	}
	return path
}

func (l *loader) load(path string) map[string]*ast.TypeSpec {
	if got, ok := l.loaded[path]; ok {
		return got
	}
	types := map[string]*ast.TypeSpec{}
	l.loaded[path] = types
	folder := ""
	for prefix, root := range l.roots {
		if strings.HasPrefix(path, prefix+"/") {
			folder = filepath.Join(root, strings.TrimPrefix(path, prefix+"/"))
		}
	}
	if folder == "" {
		return types
	}
	names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(filepath.Base(name), "zz_") || strings.HasSuffix(name, "generated.pb.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			log.Fatal(err)
		}
		for _, d := range file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
				for _, s := range g.Specs {
					spec := s.(*ast.TypeSpec)
					types[spec.Name.Name] = spec
					l.files[spec] = file
				}
			}
		}
	}
	return types
}

// The text of a type as it stands in a file of the package, and every named type in it taken in.
func (l *loader) ref(path string, file *ast.File, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "*" + l.ref(path, file, e.X)
	case *ast.ArrayType:
		return "[]" + l.ref(path, file, e.Elt)
	case *ast.MapType:
		return "map[" + l.ref(path, file, e.Key) + "]" + l.ref(path, file, e.Value)
	case *ast.InterfaceType:
		return "interface{}"
	case *ast.Ident:
		if spec, ok := l.load(path)[e.Name]; ok {
			return l.take(path, spec)
		}
		return e.Name
	case *ast.SelectorExpr:
		alias := e.X.(*ast.Ident).Name
		for _, i := range file.Imports {
			target, _ := strconv.Unquote(i.Path.Value)
			name := filepath.Base(target)
			if i.Name != nil {
				name = i.Name.Name
			}
			if name == alias {
				if spec, ok := l.load(target)[e.Sel.Name]; ok {
					return l.take(target, spec)
				}
				return short(target) + "." + e.Sel.Name
			}
		}
	}
	log.Fatalf("%s: no type in %T", path, e)
	return ""
}

func (l *loader) take(path string, spec *ast.TypeSpec) string {
	id := short(path) + "." + spec.Name.Name
	if spec.Assign != 0 {
		return l.ref(path, l.files[spec], spec.Type)
	}
	if leaves[id] || l.minor.types[id] != nil {
		return id
	}
	t := &typ{}
	l.minor.types[id] = t
	structure, ok := spec.Type.(*ast.StructType)
	if !ok {
		t.underlying = l.ref(path, l.files[spec], spec.Type)
		return id
	}
	for _, f := range structure.Fields.List {
		json := ""
		if f.Tag != nil {
			tag, _ := strconv.Unquote(f.Tag.Value)
			json = reflect.StructTag(tag).Get("json")
		}
		name, _, _ := strings.Cut(json, ",")
		if name == "-" {
			continue
		}
		kind := l.ref(path, l.files[spec], f.Type)
		if len(f.Names) == 0 {
			embedded := kind[strings.LastIndex(kind, ".")+1:]
			if name == "" && strings.Contains(kind, ".") {
				t.fields = append(t.fields, field{"=" + embedded, kind, ""})
				continue
			}
			t.fields = append(t.fields, field{name, kind, embedded})
			continue
		}
		for _, n := range f.Names {
			if !n.IsExported() {
				continue
			}
			at := name
			if at == "" {
				at = n.Name
			}
			t.fields = append(t.fields, field{at, kind, n.Name})
		}
	}
	return id
}

func (l *loader) kinds(k8s string) {
	enabled := map[string]bool{}
	text, err := os.ReadFile(filepath.Join(k8s, "pkg/controlplane/instance.go"))
	if err != nil {
		log.Fatal(err)
	}
	// What is on by default is told by the lists of stable versions, and by the resources of betas that are on for history's sake.
	file, err := parser.ParseFile(token.NewFileSet(), "instance.go", text, parser.SkipObjectResolution)
	if err != nil {
		log.Fatal(err)
	}
	imports := map[string]string{}
	for _, i := range file.Imports {
		target, _ := strconv.Unquote(i.Path.Value)
		name := filepath.Base(target)
		if i.Name != nil {
			name = i.Name.Name
		}
		imports[name] = target
	}
	groupVersion := func(alias string) string {
		target := imports[alias]
		return groupOf(filepath.Join(l.folder(target), "register.go")) + "/" + filepath.Base(target)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Names) == 0 || len(v.Values) == 0 || !strings.Contains(v.Names[0].Name, "EnabledByDefault") {
			return true
		}
		ast.Inspect(v.Values[0], func(n ast.Node) bool {
			if c, ok := n.(*ast.CallExpr); ok {
				if w, ok := c.Fun.(*ast.SelectorExpr); ok && w.Sel.Name == "WithResource" {
					inner := w.X.(*ast.SelectorExpr)
					resource, _ := strconv.Unquote(c.Args[0].(*ast.BasicLit).Value)
					enabled[groupVersion(inner.X.(*ast.Ident).Name)+" "+resource] = true
					return false
				}
			}
			if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "SchemeGroupVersion" {
				enabled[groupVersion(s.X.(*ast.Ident).Name)] = true
			}
			return true
		})
		return true
	})
	enabled["apiextensions.k8s.io/v1"], enabled["apiregistration.k8s.io/v1"] = true, true
	lifecycles := l.lifecycles()
	names, _ := filepath.Glob(filepath.Join(k8s, "api/discovery/*__*.json"))
	names = append(names, filepath.Join(k8s, "api/discovery/api__v1.json"))
	for _, name := range names {
		var list struct {
			GroupVersion string
			Resources    []struct {
				Name, Kind string
				Namespaced bool
				Verbs      []string
				Group      string
				Version    string
			}
		}
		text, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(text, &list)
		}
		if err != nil {
			log.Fatal(name, err)
		}
		for _, r := range list.Resources {
			create := false
			for _, v := range r.Verbs {
				create = create || v == "create"
			}
			if !create || strings.Contains(r.Name, "/") {
				continue
			}
			gv := list.GroupVersion
			key := gv
			if !strings.Contains(gv, "/") {
				key = "/" + gv
			}
			if !enabled[key] && !enabled[key+" "+r.Name] {
				continue
			}
			path := l.packageOf(key)
			spec := l.load(path)[r.Kind]
			if spec == nil {
				log.Printf("1.%d: no type for %s %s in %s", l.minor.number, gv, r.Kind, path)
				continue
			}
			scope := "cluster"
			if r.Namespaced {
				scope = "namespace"
			}
			l.minor.kinds[gv+" "+r.Kind] = kind{gv, r.Kind, l.take(path, spec), r.Name, scope, lifecycles[gv+" "+r.Kind]}
		}
	}
	// Kinds of other times are known by their lifecycle alone.
	for key, extra := range lifecycles {
		if _, served := l.minor.kinds[key]; !served {
			gv, name, _ := strings.Cut(key, " ")
			if !strings.HasSuffix(name, "List") {
				l.minor.kinds[key] = kind{gv, name, "-", "-", "-", extra}
			}
		}
	}
}

func (l *loader) folder(path string) string {
	for prefix, root := range l.roots {
		if strings.HasPrefix(path, prefix+"/") {
			return filepath.Join(root, strings.TrimPrefix(path, prefix+"/"))
		}
	}
	return ""
}

var groupName = regexp.MustCompile(`GroupName\s*=\s*"([^"]*)"`)

func groupOf(register string) string {
	text, err := os.ReadFile(register)
	if err != nil {
		log.Fatal(err)
	}
	m := groupName.FindSubmatch(text)
	if m == nil {
		text, _ = os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(register)), "register.go"))
		m = groupName.FindSubmatch(text)
	}
	if m == nil {
		return ""
	}
	return string(m[1])
}

func (l *loader) each(visit func(path, folder, groupVersion string)) {
	for _, prefix := range []string{"k8s.io/api", "k8s.io/apiextensions-apiserver/pkg/apis", "k8s.io/kube-aggregator/pkg/apis"} {
		root := l.folder(prefix + "/x")
		root = filepath.Dir(root)
		found, _ := filepath.Glob(filepath.Join(root, "*", "*", "register.go"))
		for _, register := range found {
			folder := filepath.Dir(register)
			relative, _ := filepath.Rel(root, folder)
			visit(prefix+"/"+relative, folder, groupOf(register)+"/"+filepath.Base(folder))
		}
	}
}

func (l *loader) packageOf(groupVersion string) string {
	if len(l.pkgs) == 0 {
		l.each(func(path, _, gv string) { l.pkgs[gv] = path })
	}
	return l.pkgs[groupVersion]
}

var method = regexp.MustCompile(`(?s)func \(in \*(\w+)\) APILifecycle(\w+)\(\) [^{]*\{\s*return ([^\n]*)`)
var quoted = regexp.MustCompile(`"([^"]*)"`)

func (l *loader) lifecycles() map[string]string {
	found := map[string]map[string]string{}
	l.each(func(_, folder, gv string) {
		text, _ := os.ReadFile(filepath.Join(folder, "zz_generated.prerelease-lifecycle.go"))
		byHand, _ := os.ReadFile(filepath.Join(folder, "lifecycle.go"))
		text = append(text, byHand...)
		gv = strings.TrimPrefix(gv, "/")
		for _, m := range method.FindAllStringSubmatch(string(text), -1) {
			key := gv + " " + m[1]
			if found[key] == nil {
				found[key] = map[string]string{}
			}
			switch m[2] {
			case "Deprecated", "Removed":
				found[key][strings.ToLower(m[2])] = strings.TrimSpace(strings.Split(m[3], ",")[1])
			case "Replacement":
				w := quoted.FindAllStringSubmatch(m[3], -1)
				gv := w[1][1]
				if w[0][1] != "" {
					gv = w[0][1] + "/" + gv
				}
				found[key]["replacement"] = gv + ":" + w[2][1]
			}
		}
	})
	out := map[string]string{}
	for key, parts := range found {
		var words []string
		for _, name := range []string{"deprecated", "removed", "replacement"} {
			if v := parts[name]; v != "" {
				words = append(words, name+"="+v)
			}
		}
		out[key] = strings.Join(words, " ")
	}
	return out
}

func read(number int, modules string, versions map[string]string) *minor {
	m := &minor{number: number, types: map[string]*typ{}, kinds: map[string]kind{}}
	at := func(module, folder string) string { return filepath.Join(modules, module+"@"+versions[module], folder) }
	l := &loader{minor: m, loaded: map[string]map[string]*ast.TypeSpec{}, files: map[*ast.TypeSpec]*ast.File{}, pkgs: map[string]string{}, roots: map[string]string{
		"k8s.io/api": at("api", ""), "k8s.io/apimachinery": at("apimachinery", ""), "k8s.io/apiextensions-apiserver": at("apiextensions-apiserver", ""),
		"k8s.io/kube-aggregator": at("kube-aggregator", ""), "k8s.io/kubernetes": at("kubernetes", ""),
	}}
	l.kinds(at("kubernetes", ""))
	for _, id := range internals {
		pkg, name, _ := strings.Cut(id, ".")
		for _, root := range []string{"k8s.io/kubernetes/pkg/apis/", "k8s.io/apiextensions-apiserver/pkg/apis/"} {
			if spec := l.load(root + pkg)[name]; spec != nil {
				l.take(root+pkg, spec)
			}
		}
	}
	return m
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: kubeapi VERSIONS MODULES: a file with a line `MINOR MODULE=VERSION…` a minor, and the folder k8s.io of the module cache")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var minors []*minor
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		words := strings.Fields(line)
		number, err := strconv.Atoi(words[0])
		if err != nil {
			log.Fatal(err)
		}
		versions := map[string]string{}
		for _, w := range words[1:] {
			module, version, _ := strings.Cut(w, "=")
			versions[module] = version
		}
		minors = append(minors, read(number, os.Args[2], versions))
	}
	print(minors)
}

func print(minors []*minor) {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	sort.Slice(minors, func(a, b int) bool { return minors[a].number < minors[b].number })
	first, last := minors[0].number, minors[len(minors)-1].number
	fmt.Fprintf(out, "minors %d-%d\n", first, last)
	ranges := map[string][]int{}
	var order []string
	note := func(line string, n int) {
		if _, ok := ranges[line]; !ok {
			order = append(order, line)
		}
		ranges[line] = append(ranges[line], n)
	}
	span := func(line string) string {
		r := ranges[line]
		if len(r) != r[len(r)-1]-r[0]+1 {
			var parts []string
			for _, n := range r {
				parts = append(parts, fmt.Sprintf("%d-%d", n, n))
			}
			return strings.Join(parts, ",")
		}
		return fmt.Sprintf("%d-%d", r[0], r[len(r)-1])
	}
	extras := map[string]string{}
	for _, m := range minors {
		for key, k := range m.kinds {
			extras[key] = k.extra
			if k.typ != "-" {
				note(fmt.Sprintf("kind %s %s %s %s %s", k.version, k.kind, k.typ, k.resource, k.scope), m.number)
			}
		}
	}
	seen := map[string]bool{}
	sort.Strings(order)
	for _, line := range order {
		w := strings.Fields(line)
		key := w[1] + " " + w[2]
		seen[key] = true
		fmt.Fprintln(out, strings.TrimSpace(line+" "+span(line)+" "+extras[key]))
	}
	var gone []string
	for key, extra := range extras {
		if !seen[key] {
			gone = append(gone, strings.TrimSpace("kind "+key+" - - - 0-0 "+extra))
		}
	}
	sort.Strings(gone)
	for _, line := range gone {
		fmt.Fprintln(out, line)
	}
	ids := map[string]bool{}
	for _, m := range minors {
		for id := range m.types {
			ids[id] = true
		}
	}
	var sorted []string
	for id := range ids {
		sorted = append(sorted, id)
	}
	sort.Strings(sorted)
	for _, id := range sorted {
		ranges, order = map[string][]int{}, nil
		structure := false
		// The newest order first: the server prints internal types in it.
		for i := len(minors) - 1; i >= 0; i-- {
			t := minors[i].types[id]
			if t == nil {
				continue
			}
			if t.underlying != "" {
				note("name "+id+" "+t.underlying, minors[i].number)
				continue
			}
			structure = true
			for _, f := range t.fields {
				line := " " + f.name + " " + f.typ
				if f.goName != "" && f.goName != strings.ToUpper(f.name[:1])+f.name[1:] {
					line += " " + f.goName
				}
				note(line, minors[i].number)
			}
		}
		if structure {
			fmt.Fprintln(out, "type "+id)
		}
		for _, line := range order {
			sort.Ints(ranges[line])
			s := span(line)
			if s == fmt.Sprintf("%d-%d", first, last) {
				s = ""
			}
			fmt.Fprintln(out, strings.TrimRight(line+" "+s, " "))
		}
	}
}

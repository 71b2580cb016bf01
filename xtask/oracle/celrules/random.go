package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"sort"
	"strings"

	"github.com/google/cel-go/common/decls"
	"github.com/google/cel-go/common/types"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// What a rule may name below `self` at each place, and the type that it has.
var fields = map[string]map[string]string{
	"spec": {
		"i": "int", "j": "int", "n": "double", "b": "bool", "s": "string", "t": "string", "e": "string", "d": "duration",
		"when": "timestamp", "day": "timestamp", "raw": "bytes", "any": "dyn", "li": "list(int)", "ls": "list(string)",
		"set": "list(string)", "m": "map(string, string)", "mi": "map(string, int)", "o.x": "int", "o.y": "string",
		"a__dash__b": "string", "__namespace__": "string", "nul": "int", "ld": "list(double)", "o.z": "bool",
	},
	"spec.lo.[]": {"name": "string", "value": "int", "tags": "list(string)"},
	"spec.o":     {"x": "int", "y": "string", "z": "bool"},
	"":           {"spec.i": "int", "spec.s": "string", "metadata.name": "string", "kind": "string", "spec.ls": "list(string)"},
}

var literals = map[string][]string{
	"bool":   {"true", "false"},
	"int":    {"0", "1", "2", "-1", "10", "9223372036854775807", "0x1f", "60"},
	"uint":   {"0u", "1u", "7u", "18446744073709551615u"},
	"double": {"0.5", "1.0", "-2.25", "1e3", "3.0e-2", "0.0"},
	"string": {"''", "'a'", "'abc'", "'1'", "'10.0.0.1'", "'fe80::1'", "'10.0.0.0/8'", "'1Gi'", "'500m'", "'1.2.3'",
		"'https://example.com:8080/a/b?c=d'", "'2024-01-02T03:04:05Z'", "'1h30m'", "'[a-z]+'", "'web-1'", "'true'", "'é'",
		"'A,b,C'", "','", "'%s and %d'", "'UTC'", "'Europe/Berlin'", "'dns1123Label'", "'('"},
	"bytes":                  {"b'abc'", "b''", `b'\xff'`},
	"duration":               {"duration('1h')", "duration('90s')"},
	"timestamp":              {"timestamp('2024-01-02T03:04:05Z')", "timestamp('2023-12-31T23:59:59.5+02:00')"},
	"null":                   {"null"},
	"kubernetes.Quantity":    {"quantity('1Gi')", "quantity('500m')", "quantity('3')"},
	"kubernetes.Semver":      {"semver('1.2.3')", "semver('1.10.0-rc.1')", "semver('v1.2', true)"},
	"kubernetes.URL":         {"url('https://user@example.com:8080/a%20b?x=1&x=2')", "url('/only/path')"},
	"net.IP":                 {"ip('10.0.0.1')", "ip('::1')", "ip('224.0.0.1')"},
	"net.CIDR":               {"cidr('10.0.0.0/8')", "cidr('fe80::/64')", "cidr('10.1.2.3/24')"},
	"kubernetes.NamedFormat": {"format.dns1123Label()", "format.uri()", "format.byte()"},
	"type":                   {"int", "string", "type(1)"},
}

// Functions whose names say nothing to those who write rules, and those that ask who it is that asks.
var hidden = map[string]bool{
	"@not_strictly_false": true, "__not_strictly_false__": true, "@in": true, "in": true, "_in_": true,
	"@sortByAssociatedKeys": true, "cel.@mapInsert": true, "_?._": true, "check": true, "allowed": true, "reason": true,
	"error": true, "errored": true, "group": true, "resource": true, "subresource": true, "namespace": true, "name": true,
	"path": true, "serviceAccount": true, "fieldSelector": true, "labelSelector": true, "includes": true,
}

type way struct {
	name   string
	member bool
	args   []*types.Type
	result *types.Type
}

type maker struct {
	random *rand.Rand
	ways   []way
	place  string
	locals map[string]string
}

func newMaker(random *rand.Rand) *maker {
	env := environment.MustBaseEnvSet(version.MajorMinor(1, 36)).NewExpressionsEnv()
	m := &maker{random: random}
	for name, function := range env.Functions() {
		if hidden[name] {
			continue
		}
		for _, one := range function.OverloadDecls() {
			m.ways = append(m.ways, of(name, one))
		}
	}
	sort.Slice(m.ways, func(a, b int) bool { return fmt.Sprint(m.ways[a]) < fmt.Sprint(m.ways[b]) })
	return m
}

func of(name string, one *decls.OverloadDecl) way {
	return way{name, one.IsMemberFunction(), one.ArgTypes(), one.ResultType()}
}

func (m *maker) pick(words ...string) string { return words[m.random.Intn(len(words))] }

func (m *maker) one(in int) bool { return m.random.Intn(in) == 0 }

func (m *maker) rule() answer {
	m.place = m.pick("spec", "spec", "spec", "spec", "spec.lo.[]", "spec.o", "")
	m.locals = map[string]string{}
	result := answer{Place: m.place, Object: object(m.random)}
	if m.one(4) {
		result.Old = object(m.random)
	}
	result.Rule = m.of("bool", 3)
	if m.one(6) {
		result.Message = m.of("string", 2)
	}
	if m.one(8) {
		result.Rule = m.damaged(result.Rule)
	}
	return result
}

// A text with something wrong in it.
func (m *maker) damaged(text string) string {
	at := m.random.Intn(len(text))
	switch m.random.Intn(3) {
	case 0:
		return text[:at] + text[at+1:]
	case 1:
		return text[:at] + m.pick("(", ")", " x ", "'", "1", ".", ",", "[", "&&", " in ", "@") + text[at:]
	default:
		return text[:at]
	}
}

func (m *maker) simple() string {
	return m.pick("int", "string", "double", "bool", "uint", "duration", "timestamp")
}

// An expression of a type, which now and then is of another.
func (m *maker) of(kind string, depth int) string {
	if m.one(60) {
		kind = m.simple()
	}
	if depth == 0 || m.one(4) {
		return m.leaf(kind)
	}
	switch m.random.Intn(10) {
	case 0:
		return fmt.Sprintf("(%s ? %s : %s)", m.of("bool", depth-1), m.of(kind, depth-1), m.of(kind, depth-1))
	case 1, 2:
		if text := m.loop(kind, depth); text != "" {
			return text
		}
	case 3:
		if kind == "bool" {
			inner := m.simple()
			return fmt.Sprintf("%s in %s", m.of(inner, depth-1), m.of("list("+inner+")", depth-1))
		}
		return fmt.Sprintf("%s.orValue(%s)", m.of("optional_type("+kind+")", depth-1), m.of(kind, depth-1))
	}
	for range 40 {
		one := m.ways[m.random.Intn(len(m.ways))]
		bound := map[string]string{}
		if match(one.result, kind, bound) {
			return m.call(one, bound, depth-1)
		}
	}
	return m.leaf(kind)
}

// A loop that gives a value of a type.
func (m *maker) loop(kind string, depth int) string {
	inner := m.simple()
	list := m.of("list("+inner+")", depth-1)
	name := m.pick("x", "y", "z")
	before, had := m.locals[name]
	m.locals[name] = inner
	defer func() {
		if had {
			m.locals[name] = before
		} else {
			delete(m.locals, name)
		}
	}()
	switch {
	case kind == "bool" && m.one(6):
		m.locals["at"] = "int"
		text := fmt.Sprintf("%s.%s(at, %s, %s)", list, m.pick("all", "exists", "existsOne"), name, m.of("bool", depth-1))
		delete(m.locals, "at")
		return text
	case kind == "bool":
		return fmt.Sprintf("%s.%s(%s, %s)", list, m.pick("all", "exists", "exists_one"), name, m.of("bool", depth-1))
	case kind == "list("+inner+")":
		return fmt.Sprintf("%s.filter(%s, %s)", list, name, m.of("bool", depth-1))
	case strings.HasPrefix(kind, "list("):
		of := strings.TrimSuffix(strings.TrimPrefix(kind, "list("), ")")
		switch m.random.Intn(4) {
		case 0:
			return fmt.Sprintf("%s.map(%s, %s, %s)", list, name, m.of("bool", depth-1), m.of(of, depth-1))
		case 1:
			return fmt.Sprintf("%s.transformList(at, %s, %s)", list, name, m.of(of, depth-1))
		}
		return fmt.Sprintf("%s.map(%s, %s)", list, name, m.of(of, depth-1))
	}
	return ""
}

func (m *maker) call(one way, bound map[string]string, depth int) string {
	var args []string
	for _, arg := range one.args {
		args = append(args, m.of(m.concrete(arg, bound), depth))
	}
	switch {
	case strings.HasPrefix(one.name, "_[?"):
		return fmt.Sprintf("%s[?%s]", args[0], args[1])
	case one.name == "_[_]":
		return fmt.Sprintf("%s[%s]", args[0], args[1])
	case one.name == "_?_:_":
		return fmt.Sprintf("(%s ? %s : %s)", args[0], args[1], args[2])
	case one.name == "!_" || one.name == "-_":
		return fmt.Sprintf("%s(%s)", one.name[:1], args[0])
	case strings.HasPrefix(one.name, "_"):
		return fmt.Sprintf("%s %s %s", m.group(args[0]), strings.Trim(one.name, "_"), m.group(args[1]))
	case one.member:
		return fmt.Sprintf("%s.%s(%s)", m.group(args[0]), one.name, strings.Join(args[1:], ", "))
	}
	return fmt.Sprintf("%s(%s)", one.name, strings.Join(args, ", "))
}

func (m *maker) group(text string) string {
	if strings.ContainsAny(text, " ") || strings.HasPrefix(text, "-") || strings.HasPrefix(text, "!") {
		return "(" + text + ")"
	}
	return text
}

// Whether a declared type can be a type, and what its open parts are then.
func match(declared *types.Type, kind string, bound map[string]string) bool {
	name := declared.TypeName()
	switch declared.Kind() {
	case types.TypeParamKind:
		if before, found := bound[name]; found {
			return before == kind
		}
		bound[name] = kind
		return true
	case types.ListKind:
		return strings.HasPrefix(kind, "list(") && match(declared.Parameters()[0], kind[5:len(kind)-1], bound)
	case types.MapKind:
		return strings.HasPrefix(kind, "map(string, ") && match(declared.Parameters()[0], "string", bound) &&
			match(declared.Parameters()[1], kind[12:len(kind)-1], bound)
	case types.OpaqueKind:
		if name == "optional_type" {
			return strings.HasPrefix(kind, "optional_type(") && match(declared.Parameters()[0], kind[14:len(kind)-1], bound)
		}
	}
	return word(declared) == kind
}

func word(kind *types.Type) string {
	switch kind.Kind() {
	case types.DurationKind:
		return "duration"
	case types.TimestampKind:
		return "timestamp"
	}
	return kind.TypeName()
}

func (m *maker) concrete(declared *types.Type, bound map[string]string) string {
	switch declared.Kind() {
	case types.TypeParamKind:
		if _, found := bound[declared.TypeName()]; !found {
			bound[declared.TypeName()] = m.simple()
		}
		return bound[declared.TypeName()]
	case types.ListKind:
		return "list(" + m.concrete(declared.Parameters()[0], bound) + ")"
	case types.MapKind:
		return "map(string, " + m.concrete(declared.Parameters()[1], bound) + ")"
	case types.OpaqueKind:
		if declared.TypeName() == "optional_type" {
			return "optional_type(" + m.concrete(declared.Parameters()[0], bound) + ")"
		}
	}
	return word(declared)
}

func (m *maker) leaf(kind string) string {
	var known []string
	for name, of := range m.locals {
		if of == kind {
			known = append(known, name, name)
		}
	}
	for name, of := range fields[m.place] {
		if of == kind {
			known = append(known, "self."+name)
		}
	}
	sort.Strings(known)
	if len(known) > 0 && !m.one(3) {
		text := known[m.random.Intn(len(known))]
		if strings.HasPrefix(text, "self.") && m.one(12) {
			text = "oldSelf." + strings.TrimPrefix(text, "self.")
		}
		if kind == "bool" && m.one(2) && strings.HasPrefix(text, "self.") {
			return "has(" + text + ")"
		}
		return text
	}
	inner := func(prefix string) string { return kind[len(prefix) : len(kind)-1] }
	switch {
	case strings.HasPrefix(kind, "list("):
		var items []string
		for range m.random.Intn(4) {
			items = append(items, m.leaf(inner("list(")))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case strings.HasPrefix(kind, "map(string, "):
		if m.one(4) {
			return "{}"
		}
		return "{" + m.leaf("string") + ": " + m.leaf(inner("map(string, ")) + "}"
	case strings.HasPrefix(kind, "optional_type("):
		if m.one(3) {
			return "optional.none()"
		}
		return "optional.of(" + m.leaf(inner("optional_type(")) + ")"
	case kind == "dyn":
		return "dyn(" + m.leaf(m.simple()) + ")"
	}
	if words := literals[kind]; len(words) > 0 {
		return m.pick(words...)
	}
	return "self"
}

// A random object of the definition; of maps none has more than one entry, since Go goes over them in any order.
func object(random *rand.Rand) json.RawMessage {
	pick := func(values ...any) any { return values[random.Intn(len(values))] }
	spec := map[string]any{}
	set := func(name string, values ...any) {
		if random.Intn(6) > 0 {
			spec[name] = pick(values...)
		}
	}
	set("i", 0, 1, 5, -3)
	set("j", 2, 10)
	set("n", 0.5, 2, -1.25)
	set("b", true, false)
	set("s", "", "abc", "web-1", "10.0.0.1", "é!")
	set("t", "1Gi", "1.2.3", "a,b,c", strings.Repeat("x", 300))
	set("e", "one", "two")
	set("d", "1h", "90s", "1 day")
	set("when", "2024-01-02T03:04:05Z", "2023-12-31T23:59:59.123+02:00")
	set("day", "2024-02-29")
	set("raw", "YWJj", "YQ==")
	set("any", 5, "5", "x")
	set("li", []any{}, []any{1, 2, 3}, []any{3, 1, 3})
	set("ld", []any{0.5, 2}, []any{})
	set("ls", []any{}, []any{"a", "b"}, []any{"b", "a", "b"})
	set("set", []any{"a", "b"}, []any{"b", "a"}, []any{})
	set("m", map[string]any{}, map[string]any{"a": "b"}, map[string]any{"x-y": "z"})
	set("mi", map[string]any{"a": 1}, map[string]any{"b": 2})
	set("o", map[string]any{}, map[string]any{"x": 1, "y": "q"}, map[string]any{"z": true})
	set("nul", nil, 4)
	set("a-b", "dash")
	set("namespace", "default")
	set("lo", []any{}, []any{map[string]any{"name": "a", "value": 1}}, []any{map[string]any{"name": "b", "value": 2, "tags": []any{"t"}}, map[string]any{"name": "a"}})
	object := map[string]any{"apiVersion": "rules.example.com/v1", "kind": "Thing", "metadata": map[string]any{"name": "web"}, "spec": spec}
	text, err := json.Marshal(object)
	fail(err)
	return text
}

package main

import (
	"math/rand"
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

type schemaOf = apiextensionsv1.JSONSchemaProps

var words = []string{
	"a", "web", "webshops", "10%", "Fast", "1", "", "x y", "2020-01-01T00:00:00Z", "2020-01-01", "10.0.0.1", "10.0.0.0/8", "http://a.b/c",
	"3h", "22 ns", "YQ==", "a!", "no", "never", "123e4567-e89b-12d3-a456-426614174000", "300.1.1.1", "xyz",
}

// An object of the kind, as its schema says or nearly.
func anyObject(r *rand.Rand, crd *apiextensionsv1.CustomResourceDefinition) map[string]any {
	at := 0
	if r.Intn(8) == 0 {
		at = r.Intn(len(crd.Spec.Versions))
	}
	version := crd.Spec.Versions[at]
	object, ok := anyValue(r, version.Schema.OpenAPIV3Schema, 0).(map[string]any)
	if !ok {
		object = map[string]any{}
	}
	object["apiVersion"] = crd.Spec.Group + "/" + version.Name
	object["kind"] = crd.Spec.Names.Kind
	metadata := map[string]any{"name": "x"}
	if crd.Spec.Scope == apiextensionsv1.NamespaceScoped {
		metadata["namespace"] = "default"
	}
	if r.Intn(25) == 0 {
		metadata["bogus"] = 1
	}
	object["metadata"] = metadata
	return object
}

func anyValue(r *rand.Rand, schema *schemaOf, depth int) any {
	if schema == nil || r.Intn(60) == 0 {
		return anything(r)
	}
	if len(schema.Enum) > 0 && r.Intn(15) != 0 {
		return schema.Enum[r.Intn(len(schema.Enum))]
	}
	if schema.XIntOrString {
		return pick[any](r, 1, "10%", "x", 0, 1.5)
	}
	switch schema.Type {
	case "object":
		return anyMap(r, schema, depth)
	case "array":
		var items []any
		for range r.Intn(4) {
			items = append(items, anyValue(r, schema.Items.Schema, depth+1))
		}
		if len(items) > 0 && r.Intn(6) == 0 {
			items = append(items, items[0])
		}
		return items
	case "integer":
		return pick[any](r, 0, 1, 2, 2, 4, 4, 8, 9, 10, -1, 3000000000)
	case "number":
		return pick[any](r, 0, 1, 0.5, 1.5, 1.75, -2.5)
	case "boolean":
		return r.Intn(2) == 0
	case "string":
		return pick(r, words...)
	}
	return anything(r)
}

func anyMap(r *rand.Rand, schema *schemaOf, depth int) map[string]any {
	object := map[string]any{}
	required := map[string]bool{}
	for _, key := range schema.Required {
		required[key] = true
	}
	for _, key := range sortedKeys(schema.Properties) {
		property := schema.Properties[key]
		if required[key] && r.Intn(30) != 0 || r.Intn(9) == 0 || depth > 1 && r.Intn(3) == 0 {
			object[key] = anyValue(r, &property, depth+1)
		}
	}
	if schema.AdditionalProperties != nil {
		for range r.Intn(3) {
			object[pick(r, "a", "b", "c")] = anyValue(r, schema.AdditionalProperties.Schema, depth+1)
		}
	}
	if schema.XEmbeddedResource {
		if r.Intn(6) != 0 {
			object["apiVersion"] = pick[any](r, "v1", "v1", "apps/v1", "a/b/c", "")
		}
		if r.Intn(6) != 0 {
			object["kind"] = pick[any](r, "Pod", "Pod", "", "no kind")
		}
		if r.Intn(2) != 0 {
			object["metadata"] = pick[any](r, map[string]any{"name": "a"}, map[string]any{"name": "a/b", "more": 1}, map[string]any{"labels": map[string]any{"a": "b c"}})
		}
	}
	if r.Intn(30) == 0 {
		object["bogus"] = anything(r)
	}
	return object
}

func anything(r *rand.Rand) any {
	return pick[any](r, nil, 1, -1, 1.5, "x", true, []any{}, map[string]any{}, []any{"a"}, map[string]any{"bogus": 1, "known": map[string]any{"a": "x", "c": 1}})
}

func sortedKeys(properties map[string]schemaOf) []string {
	var keys []string
	for key := range properties {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func pick[T any](r *rand.Rand, items ...T) T { return items[r.Intn(len(items))] }

// Command customresources prints what the API server says of custom resources, by the packages that it judges them with.
//
//	go run . DEFINITIONS COUNT , where DEFINITIONS is a file of YAML, and COUNT random objects are made for each
//
// A line of JSON for each object: `object`; `code`, 201 where it is taken, 400 where it cannot be decoded, 422 where it is refused,
// 0 where its version is not served; `message`; `causes`, a list of reason, field and words.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

type cause [3]string

type answer struct {
	Object  json.RawMessage `json:"object"`
	Code    int             `json:"code"`
	Message string          `json:"message,omitempty"`
	Causes  []cause         `json:"causes,omitempty"`
}

func main() {
	log.SetFlags(0)
	text, err := os.ReadFile(os.Args[1])
	fail(err)
	count, err := strconv.Atoi(os.Args[2])
	fail(err)
	random := rand.New(rand.NewSource(16))
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, document := range strings.Split(string(text), "\n---\n") {
		var external apiextensionsv1.CustomResourceDefinition
		fail(yaml.UnmarshalStrict([]byte(document), &external))
		apiextensionsv1.SetDefaults_CustomResourceDefinitionSpec(&external.Spec)
		for range count {
			object, err := json.Marshal(anyObject(random, &external))
			fail(err)
			one := judge(&external, object)
			one.Object = object
			fail(out.Encode(one))
		}
	}
}

func judge(crd *apiextensionsv1.CustomResourceDefinition, text []byte) answer {
	var object map[string]any
	strict, err := kjson.UnmarshalStrict(text, &object)
	if err != nil {
		return answer{Code: 400, Message: err.Error()}
	}
	u := &unstructured.Unstructured{Object: object}
	gvk := u.GroupVersionKind()
	var version *apiextensionsv1.CustomResourceDefinitionVersion
	for at := range crd.Spec.Versions {
		if one := &crd.Spec.Versions[at]; one.Name == gvk.Version && one.Served {
			version = one
		}
	}
	if version == nil || gvk.Kind != crd.Spec.Names.Kind || gvk.Group != crd.Spec.Group {
		return answer{Code: 0, Message: "not served"}
	}
	var internal apiextensions.CustomResourceValidation
	if version.Schema != nil {
		fail(apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(version.Schema, &internal, nil))
	}
	structural, err := schema.NewStructural(internal.OpenAPIV3Schema)
	fail(err)
	metadata, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return answer{Code: 400, Message: err.Error()}
	}
	var words []string
	for _, err := range strict {
		words = append(words, err.Error())
	}
	if !crd.Spec.PreserveUnknownFields {
		unknown = append(unknown, pruning.PruneWithOptions(object, structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})...)
		defaulting.PruneNonNullableNullsWithoutDefaults(object, structural)
	}
	ferr, paths := objectmeta.CoerceWithOptions(nil, object, structural, false, objectmeta.CoerceOptions{ReturnUnknownFieldPaths: true})
	if ferr != nil {
		return answer{Code: 400, Message: ferr.Error()}
	}
	unknown = append(unknown, paths...)
	if found {
		fail(objectmeta.SetObjectMeta(object, metadata))
	}
	for _, path := range unknown {
		words = append(words, fmt.Sprintf("unknown field %q", path))
	}
	defaulting.Default(object, structural)
	validator, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	fail(err)
	var errs field.ErrorList
	errs = append(errs, validation.ValidateCustomResource(nil, object, validator)...)
	errs = append(errs, objectmeta.Validate(context.Background(), nil, object, structural, false)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, structural, object)...)
	var causes []cause
	for _, err := range errs {
		causes = append(causes, cause{string(err.Type), err.Field, err.ErrorBody()})
	}
	sort.Slice(causes, func(a, b int) bool { return fmt.Sprint(causes[a]) < fmt.Sprint(causes[b]) })
	if len(words) > 0 {
		return answer{Code: 400, Message: "strict decoding error: " + strings.Join(words, ", "), Causes: causes}
	}
	if len(errs) > 0 {
		return answer{Code: 422, Causes: causes}
	}
	return answer{Code: 201}
}

func fail(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

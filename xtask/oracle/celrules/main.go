// Command celrules prints what the API server says of rules in CEL, by the packages that it judges them with.
//
//	go run . functions          the functions that each minor declares, a line a way to call one
//	go run . rules FILE COUNT   random rules beside those of the file `expressions.txt`, for the definition in FILE
//
// The first line is the definition as JSON. Then, a line for each rule: `place`, where in the schema it stands; `rule`, `message`; `object`, `old`; `defined`, what is said of
// the definition with it; `causes`, what is said of the object where nothing is wrong with the definition. Each thing said is a list
// of reason, field and words.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/google/cel-go/checker"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdvalidation "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/version"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"
	"k8s.io/apiserver/pkg/cel/environment"
	"sigs.k8s.io/yaml"
)

type cause [3]string

type answer struct {
	Place   string          `json:"place"`
	Rule    string          `json:"rule"`
	Message string          `json:"message,omitempty"`
	Object  json.RawMessage `json:"object,omitempty"`
	Old     json.RawMessage `json:"old,omitempty"`
	Defined []cause         `json:"defined,omitempty"`
	Causes  []cause         `json:"causes,omitempty"`
}

func main() {
	log.SetFlags(0)
	if os.Args[1] == "functions" {
		functions()
		return
	}
	text, err := os.ReadFile(os.Args[2])
	fail(err)
	count, err := strconv.Atoi(os.Args[3])
	fail(err)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	definition, err := yaml.YAMLToJSON(text)
	fail(err)
	fmt.Println(string(definition))
	maker := newMaker(rand.New(rand.NewSource(37)))
	for _, one := range written("expressions.txt") {
		fail(out.Encode(judge(text, one)))
	}
	for range count {
		fail(out.Encode(judge(text, maker.rule())))
	}
}

// The rules of a file: a line each, `PLACE<tab>RULE` or `PLACE<tab>RULE<tab>MESSAGE`; what begins with # says what follows.
func written(path string) []answer {
	file, err := os.Open(path)
	fail(err)
	defer file.Close()
	var found []answer
	lines := bufio.NewScanner(file)
	random := rand.New(rand.NewSource(1))
	for lines.Scan() {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, "#") {
			words := strings.Split(line, "\t")
			one := answer{Place: words[0], Rule: strings.ReplaceAll(words[1], `\n`, "\n"), Object: object(random)}
			if strings.Contains(one.Rule, "oldSelf") {
				one.Old = object(random)
			}
			if len(words) > 2 {
				one.Message = words[2]
			}
			found = append(found, one)
		}
	}
	return found
}

// Puts a rule into a schema: the steps are names of properties, `[]` for items and `{}` for values.
func put(props *apiextensionsv1.JSONSchemaProps, steps []string, rule apiextensionsv1.ValidationRule) {
	if len(steps) == 0 {
		props.XValidations = append(props.XValidations, rule)
		return
	}
	switch steps[0] {
	case "[]":
		put(props.Items.Schema, steps[1:], rule)
	case "{}":
		put(props.AdditionalProperties.Schema, steps[1:], rule)
	default:
		below, found := props.Properties[steps[0]]
		if !found {
			log.Fatalf("no property %s", steps[0])
		}
		put(&below, steps[1:], rule)
		props.Properties[steps[0]] = below
	}
}

func judge(text []byte, one answer) answer {
	var external apiextensionsv1.CustomResourceDefinition
	fail(yaml.UnmarshalStrict(text, &external))
	rule := apiextensionsv1.ValidationRule{Rule: one.Rule, MessageExpression: one.Message}
	var steps []string
	if one.Place != "" {
		steps = strings.Split(one.Place, ".")
	}
	props := external.Spec.Versions[0].Schema.OpenAPIV3Schema
	put(props, steps, rule)
	apiextensionsv1.SetDefaults_CustomResourceDefinition(&external)
	apiextensionsv1.SetDefaults_CustomResourceDefinitionSpec(&external.Spec)
	var internal apiextensions.CustomResourceDefinition
	fail(apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(&external, &internal, nil))
	internal.Status.StoredVersions = []string{external.Spec.Versions[0].Name}
	one.Defined = said(crdvalidation.ValidateCustomResourceDefinition(context.Background(), &internal))
	for _, why := range one.Defined {
		// What only costs too much can be run none the less.
		if why[0] != string(field.ErrorTypeForbidden) {
			one.Object, one.Old = nil, nil
			return one
		}
	}
	structural, err := schema.NewStructural(internal.Spec.Validation.OpenAPIV3Schema)
	fail(err)
	validator := cel.NewValidator(structural, true, celconfig.PerCallLimit)
	object, old := decoded(one.Object), decoded(one.Old)
	var before any
	var options []cel.Option
	if old != nil {
		before = old
		options = append(options, cel.WithRatcheting(common.NewCorrelatedObject(object, old, &model.Structural{Structural: structural})))
	}
	errs, _ := validator.Validate(context.Background(), nil, structural, object, before, celconfig.RuntimeCELCostBudget, options...)
	one.Causes = said(errs)
	return one
}

func decoded(text json.RawMessage) map[string]any {
	if text == nil {
		return nil
	}
	var object map[string]any
	fail(yaml.Unmarshal(text, &object))
	return whole(object).(map[string]any)
}

// Numbers without a fraction are integers.
func whole(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			value[key] = whole(inner)
		}
	case []any:
		for key, inner := range value {
			value[key] = whole(inner)
		}
	case float64:
		if value == float64(int64(value)) {
			return int64(value)
		}
	}
	return value
}

var stamp = regexp.MustCompile(`selfType\d+`)

func said(errs field.ErrorList) []cause {
	var causes []cause
	for _, err := range errs {
		causes = append(causes, cause{string(err.Type), err.Field, stamp.ReplaceAllString(err.ErrorBody(), "selfType")})
	}
	sort.Slice(causes, func(a, b int) bool { return fmt.Sprint(causes[a]) < fmt.Sprint(causes[b]) })
	return causes
}

// The functions that the environment of each minor declares.
func functions() {
	since, order := map[string]int{}, map[string]int{}
	for minor := 28; minor <= 37; minor++ {
		env := environment.MustBaseEnvSet(version.MajorMinor(1, uint(minor))).NewExpressionsEnv()
		for name, function := range env.Functions() {
			for at, way := range function.OverloadDecls() {
				var args []string
				for _, arg := range way.ArgTypes() {
					args = append(args, checker.FormatCELType(arg))
				}
				kind := "global"
				if way.IsMemberFunction() {
					kind = "member"
				}
				line := strings.Join([]string{name, way.ID(), kind, strings.Join(args, ";"), checker.FormatCELType(way.ResultType())}, "\t")
				if _, found := since[line]; !found {
					since[line] = minor
				}
				order[line] = at
			}
		}
	}
	// Only what makes patches has this one.
	since["jsonpatch.escapeKey\tstring_jsonpatch_escapeKey_string\tglobal\tstring\tstring"] = 32
	var lines []string
	for line := range since {
		lines = append(lines, line)
	}
	name := func(line string) string { return line[:strings.Index(line, "\t")] }
	sort.Slice(lines, func(a, b int) bool {
		first, second := lines[a], lines[b]
		if name(first) != name(second) {
			return name(first) < name(second)
		}
		if order[first] != order[second] {
			return order[first] < order[second]
		}
		return first < second
	})
	for _, line := range lines {
		fmt.Printf("%d\t%s\n", since[line], line)
	}
}

func fail(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

package main

import (
	"fmt"
	"reflect"
	"strings"
)

// probe is a value that templates of the family `methods` find in their values.
type probe struct{}

// Methods lists what a template can call on a value: its type, and below it each method with its parameters, as
// text/template's evalField and goodFunc find them. A method that no template may call has `unfit` behind it.
func (probe) Methods(value reflect.Value) string {
	for value.Kind() == reflect.Interface {
		value = value.Elem()
	}
	var list strings.Builder
	fmt.Fprintln(&list, value.Type())
	if value.Kind() != reflect.Pointer && value.CanAddr() {
		value = value.Addr()
	}
	for i := range value.NumMethod() {
		method := value.Method(i).Type()
		params := make([]string, method.NumIn())
		for i := range params {
			params[i] = method.In(i).String()
		}
		fmt.Fprintf(&list, "%s(%s)", value.Type().Method(i).Name, strings.Join(params, ", "))
		failure := reflect.TypeFor[error]()
		if n := method.NumOut(); n == 0 || n > 2 || n == 2 && method.Out(1) != failure {
			fmt.Fprint(&list, " unfit")
		}
		fmt.Fprintln(&list)
	}
	return list.String()
}

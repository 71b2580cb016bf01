// Writes src/go/unicode/tables.rs: what Go's unicode and strconv packages know of characters, as ranges.
//
//	go run ./xtask/unicode > src/go/unicode/tables.rs && rustfmt src/go/unicode/tables.rs
package main

import (
	"fmt"
	"strconv"
	"unicode"
)

func main() {
	fmt.Printf("//! What Go's `unicode` package (Unicode %s) and `strconv.IsPrint` know of characters, as sorted ranges.\n", unicode.Version)
	fmt.Println("//! Written by `go run ./xtask/unicode`; not to be edited. The functions over it are in the module above.")
	fmt.Println()
	fmt.Println("// Three numbers a range: first, last, step; in the TO_ tables a fourth, what is added to the character.")
	table("UPPER", "unicode.IsUpper", unicode.IsUpper)
	table("LOWER", "unicode.IsLower", unicode.IsLower)
	table("LETTER", "unicode.IsLetter", unicode.IsLetter)
	table("DIGIT", "unicode.IsDigit", unicode.IsDigit)
	table("NUMBER", "unicode.IsNumber", unicode.IsNumber)
	table("PUNCT", "unicode.IsPunct", unicode.IsPunct)
	table("PRINT", "strconv.IsPrint", strconv.IsPrint)
	delta("TO_UPPER", "unicode.ToUpper", unicode.ToUpper)
	delta("TO_LOWER", "unicode.ToLower", unicode.ToLower)
	delta("TO_TITLE", "unicode.ToTitle", unicode.ToTitle)
}

// table prints the characters for which is holds as ranges of step 1 or 2.
func table(name, doc string, is func(rune) bool) {
	fmt.Printf("\n/// `%s`\npub(super) static %s: &[i32] = &[", doc, name)
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !is(r) {
			continue
		}
		lo, step := r, rune(1)
		if !is(r+1) && is(r+2) && !is(r+3) && is(r+4) {
			step = 2
		}
		for is(r+step) && (step == 1 || !is(r+1)) {
			r += step
		}
		fmt.Printf("%d, %d, %d,", lo, r, step)
	}
	fmt.Println("];")
}

// delta prints what to adds to each character that it changes.
func delta(name, doc string, to func(rune) rune) {
	fmt.Printf("\n/// `%s`: what it adds to a character\npub(super) static %s: &[i32] = &[", doc, name)
	d := func(r rune) rune { return to(r) - r }
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if d(r) == 0 {
			continue
		}
		lo, step := r, rune(1)
		if d(r+1) != d(r) && d(r+2) == d(r) {
			step = 2
		}
		for d(r+step) == d(lo) && (step == 1 || d(r+1) == 0) {
			r += step
		}
		fmt.Printf("%d, %d, %d, %d,", lo, r, step, d(lo))
	}
	fmt.Println("];")
}

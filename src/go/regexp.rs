//! Go's `regexp` (RE2 syntax, its errors, replacement templates) over `regex-automata`.

//! Go's `strconv`: number texts and quoting.

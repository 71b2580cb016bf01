//! The keywords of strings and numbers. Go: jsonschema validator.go `strValidate` and `numValidate`.

use std::cmp::Ordering;

use super::{UNREADABLE, Validator};
use crate::go::runes;
use crate::schema::fault::Kind;
use crate::schema::number::Number;
use crate::value::Str;

impl Validator<'_> {
    pub(super) fn validate_string(&mut self, text: &Str) {
        let schema = self.schema.clone();
        if schema.min_length.is_some() || schema.max_length.is_some() {
            let got = runes::count(text.as_bytes()) as i64;
            if let Some(want) = schema.min_length.filter(|want| got < *want) {
                self.add(Kind::Count { keyword: "minLength", got, want });
            }
            if let Some(want) = schema.max_length.filter(|want| got > *want) {
                self.add(Kind::Count { keyword: "maxLength", got, want });
            }
        }
        if let Some((pattern, want)) = &schema.pattern
            && !pattern.is_match(text.as_bytes())
        {
            self.add(Kind::Pattern { got: text.clone(), want: want.clone() });
        }
    }

    pub(super) fn validate_number(&mut self, got: &Number) {
        let schema = self.schema.clone();
        let limits: [(&'static str, &Option<Number>, &[Ordering]); 4] = [
            ("minimum", &schema.minimum, &[Ordering::Less]),
            ("maximum", &schema.maximum, &[Ordering::Greater]),
            ("exclusiveMinimum", &schema.exclusive_minimum, &[Ordering::Less, Ordering::Equal]),
            ("exclusiveMaximum", &schema.exclusive_maximum, &[Ordering::Greater, Ordering::Equal]),
        ];
        for (keyword, want, wrong) in limits {
            if let Some(want) = want
                && wrong.contains(&self.compare(got, want))
            {
                self.add(Kind::Limit { keyword, got: got.to_f64(), want: want.to_f64() });
            }
        }
        if let Some(want) = &schema.multiple_of {
            match got.is_multiple_of(want) {
                Some(true) => {}
                Some(false) => {
                    self.add(Kind::Limit { keyword: "multipleOf", got: got.to_f64(), want: want.to_f64() });
                }
                None => self.validation.stop(UNREADABLE),
            }
        }
    }
}

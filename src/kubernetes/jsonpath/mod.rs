//! The JSONPath templates of Kubernetes' clients: `{.items[*].name}`, filters, slices, unions, `..`, `range` and `end`. Read
//! `parse` for the form, `execute` for the meaning. Behaviour: client-go's `util/jsonpath` as `helm show values
//! --jsonpath` uses it, which shares its oddities with `kubectl get -o jsonpath`.

mod compare;
mod error;
mod execute;
mod parse;

pub use error::Error;

use crate::value::Value;
use parse::Node;

/// A template that was read.
#[derive(Debug)]
pub struct Template {
    nodes: Vec<Node>,
}

impl Template {
    /// Reads a template. The error is client-go's text.
    pub fn parse(text: &str) -> Result<Template, String> {
        Ok(Template { nodes: parse::parse(text)? })
    }

    /// What the template makes of the data. Maps are walked in the order of their keys, where Go's order is random.
    ///
    /// # Errors
    /// An element is not found or cannot be compared, or the template asks for more than can be done.
    pub fn execute(&self, data: &Value) -> Result<Vec<u8>, Error> {
        execute::execute(&self.nodes, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn run(template: &str, data: &str) -> Result<String, Error> {
        let data = yaml::json::from_json(data.as_bytes()).unwrap();
        let template = Template::parse(template).map_err(Error::Refused)?;
        template.execute(&data).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn maps_are_walked_in_order() {
        assert_eq!(run("{.*}", r#"{"b": 1, "a": 2}"#).unwrap(), "2 1");
        assert_eq!(run("{..x}", r#"{"b": {"x": 1}, "a": [{"x": 2}]}"#).unwrap(), "2 1");
    }

    #[test]
    fn what_helm_keeps_to_itself_is_an_error_here() {
        let error = |template| match run(template, r#"{"a": 1, "l": [1, 2], "m": {}}"#) {
            Err(Error::Said(text)) => text,
            other => format!("{other:?}"),
        };
        assert_eq!(error("{.x}"), "x is not found");
        assert_eq!(error("{.a[0]}"), "float64 is not array or slice");
        assert_eq!(error("{.l[2]}"), "array index out of bounds: index 2, length 2");
        assert_eq!(error("{.l[1:5]}"), "array index out of bounds: index 4, length 2");
        assert_eq!(error("{.l[::0]}"), "step must be > 0");
        assert_eq!(error("{.l[1:0:1]}"), "starting index 1 is greater than ending index 0");
        assert_eq!(error("{.m[?(@.a)]}"), "map[] is not array or slice and cannot be filtered");
        assert_eq!(error("{.l[?(@=='a')]}"), "incompatible types for comparison");
        assert_eq!(error("{.l[?(@=!1)]}"), "unrecognized filter operator =!");
        assert_eq!(error("{end}"), "not in range, nothing to end");
        assert_eq!(error("{foo}"), "unrecognized identifier foo");
    }

    #[test]
    fn a_template_cannot_run_away() {
        let is_refused = |template: &str, data: &str| matches!(run(template, data), Err(Error::Refused(_)));
        assert!(is_refused(&"{range @}".repeat(5000), "1"));
        let chain = (0..30).fold("1".to_owned(), |inner, _| format!(r#"{{"l": {inner}}}"#));
        assert!(is_refused(&format!("{{{}}}", "['l','l']".repeat(25)), &chain));
        assert!(is_refused("{range .l[*]}{[0]}{end}", r#"{"l": []}"#));
    }
}

use crate::policy::{Check, Container, Level, Levels, Reporter, declare_rule};
use crate::yaml::Node;

declare_rule! {
    /// Every container must name an image.
    ///
    /// ## Why
    /// A blank image is what a missing value leaves in a template, and Kubernetes refuses the pod.
    ///
    /// ```yaml bad
    /// image: ""
    /// ```
    /// ```yaml good
    /// image: registry.example.com/app:1.0
    /// ```
    ///
    /// ## Fix
    /// Set the value that the template takes the image from.
    "IMG101" "missing-image" {
        levels: Levels::all(Level::Error),
        fix: None,
        sources: &["service: validatePodSpec", "Kubernetes: image is required"],
        check: Check::Container(check),
    }
}

fn check(container: &Container<'_>, r: &mut Reporter<'_>) {
    let image = container.at(&["image"]).and_then(Node::as_str).unwrap_or_default();
    if image.trim().is_empty() {
        r.report(container.path_of(&["image"]), format!("container {} has no image", container.label()));
    }
}

//! Whether two addresses of repositories or charts are the same.

use reqwest::Url;

/// Whether two addresses are the same but for a slash at the end. Helm: internal/urlutil `Equal`.
pub fn same_url(one: &str, other: &str) -> bool {
    let plain = |text: &str| match Url::parse(text) {
        Ok(mut url) => {
            let path = crate::go::path::clean(url.path());
            url.set_path(&path);
            url.to_string()
        }
        Err(_) => crate::go::path::clean(text),
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_at_the_end_do_not_matter() {
        assert!(same_url("https://a/x", "https://a/x/"));
        assert!(same_url("https://a", "https://a/"));
        assert!(!same_url("https://a/x", "https://a/y"));
    }
}

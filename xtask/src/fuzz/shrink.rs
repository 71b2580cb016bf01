//! Smaller templates: everything that one step of simplification can make of a case; and with that a template is a [`Sample`].

use super::compare::Sample;
use super::sections::{case_of, section};
use super::tree::{Expr, Node, Template};
use super::typed::FILES;
use testkit::cases::Case;

impl Sample for Template {
    fn family(&self) -> &'static str {
        "template"
    }

    fn case(&self) -> Case {
        let mut sections = vec![section("values", "", &self.values)];
        if self.has_helpers {
            let helpers = Template { body: Vec::new(), ..self.clone() };
            let body = Template { defines: Vec::new(), ..self.clone() };
            sections.push(section("template", "templates/_helpers.tpl", &helpers.to_string()));
            sections.push(section("template", "", &body.to_string()));
        } else {
            sections.push(section("template", "", &self.to_string()));
        }
        // The files matter to no case that does not ask for them.
        if self.to_string().contains("Files") {
            sections.extend(FILES.map(|(name, text)| section("file", name, text)));
        }
        sections.extend(self.modes.iter().map(|mode| section(mode, "", "")));
        case_of(sections)
    }

    fn smaller(&self) -> Vec<Template> {
        smaller(self)
    }
}

/// Every template that is one step smaller.
pub fn smaller(template: &Template) -> Vec<Template> {
    let mut found = Vec::new();
    if !template.modes.is_empty() {
        found.push(Template { modes: Vec::new(), ..template.clone() });
    }
    if template.has_helpers {
        found.push(Template { has_helpers: false, ..template.clone() });
    }
    for body in smaller_nodes(&template.body) {
        found.push(Template { body, ..template.clone() });
    }
    for at in 0..template.defines.len() {
        let mut defines = template.defines.clone();
        defines.remove(at);
        found.push(Template { defines, ..template.clone() });
        for body in smaller_nodes(&template.defines[at].1) {
            let mut defines = template.defines.clone();
            defines[at].1 = body;
            found.push(Template { defines, ..template.clone() });
        }
    }
    found
}

fn smaller_nodes(nodes: &[Node]) -> Vec<Vec<Node>> {
    let mut found = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let with = |replacement: &[Node]| [&nodes[..at], replacement, &nodes[at + 1..]].concat();
        found.push(with(&[]));
        if let Node::Block { body, otherwise, .. } = node {
            found.push(with(body));
            found.extend(otherwise.as_ref().map(|otherwise| with(otherwise)));
        }
        found.extend(smaller_node(node).into_iter().map(|node| with(&[node])));
    }
    found
}

fn smaller_node(node: &Node) -> Vec<Node> {
    match node {
        Node::Action(trim, expr) => {
            smaller_exprs(expr).into_iter().map(|expr| Node::Action(*trim, expr)).collect()
        }
        Node::Assign(name, declares, expr) => {
            smaller_exprs(expr).into_iter().map(|expr| Node::Assign(name.clone(), *declares, expr)).collect()
        }
        Node::Block { keyword, trim, variables, condition, body, otherwise, chained } => {
            let build = |condition: Expr, body: Vec<Node>, otherwise: Option<Vec<Node>>| Node::Block {
                keyword,
                trim: *trim,
                variables: variables.clone(),
                condition,
                body,
                otherwise,
                chained: *chained,
            };
            let conditions = smaller_exprs(condition).into_iter();
            let mut found: Vec<Node> =
                conditions.map(|condition| build(condition, body.clone(), otherwise.clone())).collect();
            for body in smaller_nodes(body) {
                found.push(build(condition.clone(), body, otherwise.clone()));
            }
            if let Some(otherwise) = otherwise {
                found.push(build(condition.clone(), body.clone(), None));
                for otherwise in smaller_nodes(otherwise) {
                    found.push(build(condition.clone(), body.clone(), Some(otherwise)));
                }
            }
            found
        }
        Node::Template(name, Some(data)) => {
            smaller_exprs(data).into_iter().map(|data| Node::Template(name.clone(), Some(data))).collect()
        }
        Node::Named(name, data, body) => {
            let datas = smaller_exprs(data).into_iter();
            let mut found: Vec<Node> =
                datas.map(|data| Node::Named(name.clone(), data, body.clone())).collect();
            let bodies = smaller_nodes(body).into_iter();
            found.extend(bodies.map(|body| Node::Named(name.clone(), data.clone(), body)));
            found
        }
        Node::Text(text) => smaller_texts(text).into_iter().map(Node::Text).collect(),
        Node::Jump(_) | Node::Template(_, None) | Node::Comment => Vec::new(),
    }
}

/// The text without a piece: halves, quarters and so on, down to single characters.
fn smaller_texts(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut size = letters.len() / 2;
    while size > 0 {
        for from in (0..letters.len()).step_by(size) {
            let to = (from + size).min(letters.len());
            found.push(letters[..from].iter().chain(&letters[to..]).collect());
        }
        size /= 2;
    }
    found
}

fn smaller_exprs(expr: &Expr) -> Vec<Expr> {
    match expr {
        Expr::Plain(_) => Vec::new(),
        Expr::Call(name, args) => {
            let mut found = args.clone();
            for at in 0..args.len() {
                let mut fewer = args.clone();
                fewer.remove(at);
                found.push(Expr::Call(name.clone(), fewer));
                for arg in smaller_exprs(&args[at]) {
                    let mut args = args.clone();
                    args[at] = arg;
                    found.push(Expr::Call(name.clone(), args));
                }
            }
            found
        }
        Expr::Pipe(stages) => {
            let mut found = vec![stages[0].clone()];
            for at in 1..stages.len() {
                let mut fewer = stages.clone();
                fewer.remove(at);
                found.push(if fewer.len() == 1 { fewer.remove(0) } else { Expr::Pipe(fewer) });
            }
            for (at, stage) in stages.iter().enumerate() {
                for smaller in smaller_exprs(stage) {
                    // A stage after the first must stay a call, or the template no longer parses as it did.
                    if at == 0 || matches!(smaller, Expr::Call(..)) {
                        let mut stages = stages.clone();
                        stages[at] = smaller;
                        found.push(Expr::Pipe(stages));
                    }
                }
            }
            found
        }
        Expr::Chain(inner, fields) => {
            let mut found = vec![(**inner).clone()];
            let inners = smaller_exprs(inner).into_iter();
            found.extend(inners.map(|inner| Expr::Chain(Box::new(inner), fields.clone())));
            found
        }
    }
}

//! Actions and control structures. Go: parse/parse.go from `action` to `templateControl`.

use super::{Parser, Result, Scope, Stop};
use crate::template::ast::{Action, Branch, List, Node, Template};
use crate::template::lex::{Item, ItemType};
use crate::value::Str;

impl Parser<'_> {
    pub(super) fn action(&mut self) -> Result<Option<Stop>> {
        self.check_depth()?;
        let token = self.next_non_space();
        let node = match token.typ {
            ItemType::Block => self.block_control()?,
            ItemType::Break => Node::Break(self.loop_control(token, "{{break}}")?),
            ItemType::Continue => Node::Continue(self.loop_control(token, "{{continue}}")?),
            ItemType::Else => {
                // `else if` and `else with` leave their second word to `parse_control`.
                if !matches!(self.peek_non_space().typ, ItemType::If | ItemType::With) {
                    self.expect(ItemType::RightDelim, "else")?;
                }
                return Ok(Some(Stop::Else));
            }
            ItemType::End => {
                self.expect(ItemType::RightDelim, "end")?;
                return Ok(Some(Stop::End));
            }
            ItemType::If => Node::If(self.parse_control("if")?),
            ItemType::Range => Node::Range(self.parse_control("range")?),
            ItemType::Template => self.template_control()?,
            ItemType::With => Node::With(self.parse_control("with")?),
            _ => {
                self.backup();
                let pos = self.peek().pos;
                let pipe = self.pipeline("command", ItemType::RightDelim)?;
                Node::Action(Action { pos, pipe })
            }
        };
        self.open.nodes.push(node);
        Ok(None)
    }

    fn loop_control(&mut self, token: Item, word: &str) -> Result<u32> {
        let after = self.next_non_space();
        if after.typ != ItemType::RightDelim {
            return self.unexpected(after, word);
        }
        if self.scope.range_depth == 0 {
            return self.error(format!("{word} outside {{{{range}}}}"));
        }
        Ok(token.pos)
    }

    fn parse_control(&mut self, context: &str) -> Result<Branch> {
        let before = self.scope.mark();
        let pipe = self.pipeline(context, ItemType::RightDelim)?;
        let declared = self.scope.mark();
        let in_range = usize::from(context == "range");
        self.scope.range_depth += in_range;
        let (list, stop) = self.item_list()?;
        self.scope.range_depth -= in_range;
        let mut else_list = None;
        if stop == Stop::Else {
            self.scope.pop_stack(declared);
            else_list = Some(self.else_list(context)?);
        }
        self.scope.pop(before);
        Ok(Branch { pos: pipe.pos, pipe, list, else_list })
    }

    /// What follows `else`. Of `else if` the inner `if` takes the one `end` there is.
    fn else_list(&mut self, context: &str) -> Result<List> {
        let next = self.peek().typ;
        if context == "if" && next == ItemType::If {
            self.next();
            self.check_depth()?;
            let inner = self.parse_control("if")?;
            return Ok(List { nodes: Box::new([Node::If(inner)]) });
        }
        if context == "with" && next == ItemType::With {
            self.next();
            self.check_depth()?;
            let inner = self.parse_control("with")?;
            return Ok(List { nodes: Box::new([Node::With(inner)]) });
        }
        let (list, stop) = self.item_list()?;
        if stop != Stop::End {
            return self.error(format!("expected end; found {}", stop.show()));
        }
        Ok(list)
    }

    fn block_control(&mut self) -> Result<Node> {
        const CONTEXT: &str = "block clause";
        let token = self.next_non_space();
        let name = self.parse_template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, ItemType::RightDelim)?;
        let outer = std::mem::replace(&mut self.scope, Scope::new(name.clone()));
        self.finish_tree(CONTEXT)?;
        self.scope = outer;
        Ok(Node::Template(Template { pos: token.pos, name, pipe: Some(pipe) }))
    }

    fn template_control(&mut self) -> Result<Node> {
        const CONTEXT: &str = "template clause";
        let token = self.next_non_space();
        let name = self.parse_template_name(token, CONTEXT)?;
        let mut pipe = None;
        if self.next_non_space().typ != ItemType::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, ItemType::RightDelim)?);
        }
        Ok(Node::Template(Template { pos: token.pos, name, pipe }))
    }

    fn parse_template_name(&mut self, token: Item, context: &str) -> Result<Str> {
        match token.typ {
            ItemType::String | ItemType::RawString => self.unquote(token),
            _ => self.unexpected(token, context),
        }
    }
}

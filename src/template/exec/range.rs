//! `range`. Go: exec.go `walkRange`.

use super::{Dot, ErrorKind, Flow, Item, Meta, Result, State};
use crate::budget;
use crate::template::ast::{At, Branch, Node};
use crate::template::trace::Tracer;
use crate::value::{Elem, Number, Sized, Value, print};

impl<'s, T: Tracer> State<'s, '_, '_, T> {
    pub(super) fn walk_range(&mut self, dot: Dot<'_>, range: &'s Branch, node: &'s Node) -> Result<Flow> {
        self.at = At::Node(node);
        self.check_stack()?;
        let before = self.mark();
        if T::ON {
            self.machine.tracer.enter_action();
        }
        let mut item = Item::default();
        self.eval_pipeline(dot, &range.pipe, &mut item)?;
        if T::ON {
            let origin = self.machine.tracer.listed(item.meta.origin(), &item.value);
            item.meta = item.meta.with_origin(origin);
        }
        let ran = match item.value.out_of_interface() {
            Value::Object(object) => match object.underlying() {
                Some(value) => self.range_over(range, &Item { value, ..item.clone() }, &item.value)?,
                None => return Err(self.cannot_iterate(item.value.out_of_interface())),
            },
            value => self.range_over(range, &item, value)?,
        };
        let mut flow = Flow::Next;
        if T::ON {
            self.machine.tracer.enter_arm(&self.tree.source, range.pos, ran);
        }
        if let (false, Some(else_list)) = (ran, &range.else_list) {
            // Go catches a `break` here too, though the parser took it for one of the range around.
            flow = match self.walk_list(dot, else_list)? {
                Flow::Break => Flow::Next,
                flow => flow,
            };
        }
        self.pop(before);
        Ok(flow)
    }

    /// Iterates and says whether there was anything; `shown` is the value as errors show it.
    fn range_over(&mut self, range: &'s Branch, item: &Item, shown: &Value) -> Result<bool> {
        match &item.value {
            Value::Nil => Ok(false),
            Value::List(list) => self.iterate(
                range,
                list.items().iter().enumerate().map(|(at, value)| {
                    let meta = Meta::new(list.elem() == Elem::Any);
                    (Value::Int(at as i64), Item { value: value.clone(), meta })
                }),
                item.meta.origin(),
            ),
            Value::Bytes(bytes) => {
                let bytes = bytes.as_deref().unwrap_or_default();
                self.iterate(
                    range,
                    bytes.iter().enumerate().map(|(at, byte)| {
                        (Value::Int(at as i64), Item::new(Value::Sized(Sized::Uint8(*byte))))
                    }),
                    0,
                )
            }
            Value::Map(map) => {
                let meta = Meta::new(map.elem() == Elem::Any);
                // All of it is taken out, also where the first is enough.
                let _ = budget::spend(map.len() as u64);
                self.iterate(
                    range,
                    map.entries().into_iter().map(|(key, value)| (Value::Str(key), Item { value, meta })),
                    item.meta.origin(),
                )
            }
            value => match value.number() {
                Some(Number::Float(_)) | None => Err(self.cannot_iterate(shown)),
                Some(_) if range.pipe.decl.len() > 1 => {
                    let value = print::sprint(shown);
                    let message = format!("can't use {value} to iterate over more than one variable");
                    Err(self.error(ErrorKind::NotIterable { found: shown.type_name().into() }, message))
                }
                Some(number) => {
                    let end = match number {
                        Number::Signed(n) => u64::try_from(n).unwrap_or(0),
                        Number::Unsigned(n) => n,
                        Number::Float(_) => 0,
                    };
                    let like = shown.clone();
                    self.iterate(range, (0..end).map(|n| (Value::Nil, Item::new(number_like(&like, n)))), 0)
                }
            },
        }
    }

    fn cannot_iterate(&self, value: &Value) -> super::Error {
        let text = print::sprint(&print::indirect(value));
        let kind = ErrorKind::NotIterable { found: value.type_name().into() };
        self.error(kind, format!("range can't iterate over {text}"))
    }

    fn iterate(
        &mut self,
        range: &'s Branch,
        items: impl Iterator<Item = (Value, Item)>,
        origin: u32,
    ) -> Result<bool> {
        let mark = self.mark();
        let mut ran = false;
        for (index, mut elem) in items {
            ran = true;
            self.step()?;
            if T::ON {
                let origin = self.machine.tracer.element(origin, &index, &elem.value);
                elem.meta = elem.meta.with_origin(origin);
            }
            self.one_iteration(range, index, &elem)?;
            let flow = self.walk_list(elem.dot(), &range.list)?;
            self.pop(mark);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(ran)
    }

    /// Sets the variables of the range for an iteration.
    fn one_iteration(&mut self, range: &'s Branch, index: Value, elem: &Item) -> Result<()> {
        let decl = &range.pipe.decl;
        let top = self.mark();
        match (&**decl, range.pipe.is_assign) {
            ([], _) => {}
            ([only], true) => self.assign(only, elem.clone())?,
            ([first, second, ..], true) => {
                self.assign(first, Item::new(index))?;
                self.assign(second, elem.clone())?;
            }
            ([_], false) => self.machine.vars[top - 1].1.set(elem.dot()),
            ([..], false) => {
                self.machine.vars[top - 1].1.set(elem.dot());
                self.machine.vars[top - 2].1 = Item::new(index);
            }
        }
        Ok(())
    }
}

/// The number as a value of the type that `like` has.
fn number_like(like: &Value, n: u64) -> Value {
    match like {
        Value::Int64(_) => Value::Int64(n as i64),
        Value::Sized(sized) => Value::Sized(match sized {
            Sized::Int8(_) => Sized::Int8(n as i8),
            Sized::Int16(_) => Sized::Int16(n as i16),
            Sized::Int32(_) => Sized::Int32(n as i32),
            Sized::Uint(_) => Sized::Uint(n),
            Sized::Uint8(_) => Sized::Uint8(n as u8),
            Sized::Uint16(_) => Sized::Uint16(n as u16),
            Sized::Uint32(_) => Sized::Uint32(n as u32),
            Sized::Uint64(_) => Sized::Uint64(n),
            Sized::Float32(_) => Sized::Float32(n as f32),
        }),
        Value::Object(object) => object.with_number(n as i64).unwrap_or(Value::Int(n as i64)),
        _ => Value::Int(n as i64),
    }
}

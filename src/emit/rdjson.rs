use super::{Checked, Format, View};
pub struct Rdjson;
impl Format for Rdjson {
    fn draft(&self, _view: &View<'_>, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

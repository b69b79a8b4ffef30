use super::{Checked, Format, View};
pub struct Sarif;
impl Format for Sarif {
    fn draft(&self, _view: &View<'_>, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

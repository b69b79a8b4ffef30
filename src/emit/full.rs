use super::{Checked, Format, View};
pub struct Full;
impl Format for Full {
    fn draft(&self, _view: &View<'_>, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

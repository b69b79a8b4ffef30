use super::{Checked, Format, View};
pub struct Junit;
impl Format for Junit {
    fn draft(&self, _view: &View<'_>, _checked: &Checked<'_>, _out: &mut Vec<u8>) {}
}

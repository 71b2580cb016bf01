//! A picture of points whose axes both grow by factors: SVG, without a library and without a date.

use std::fmt::Write as _;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
/// Room for the numbers at the axes, and on the other sides.
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 48.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 28.0;

/// What is to be seen.
pub struct Plot<'a> {
    /// What the picture says.
    pub title: &'a str,
    /// What goes to the right, and upwards.
    pub axes: [&'a str; 2],
    /// The points, and what each of them is.
    pub points: Vec<(f64, f64, String)>,
    /// Where a line goes across, and what it means.
    pub lines: Vec<(f64, &'a str)>,
}

/// An axis: the powers of ten that it reaches from and to.
struct Axis {
    from: f64,
    to: f64,
}

impl Axis {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Axis {
        let least = values.clone().fold(f64::INFINITY, f64::min).log10();
        let most = values.fold(0.0_f64, f64::max).log10();
        Axis { from: (least * 4.0).floor() / 4.0, to: (most * 4.0).ceil() / 4.0 }
    }

    /// How far along it a value stands, of 1.
    fn at(&self, value: f64) -> f64 {
        (value.log10() - self.from) / (self.to - self.from).max(0.01)
    }

    /// The numbers that are written beside it.
    fn marks(&self) -> Vec<f64> {
        let tens = (-3..7).map(|power| 10_f64.powi(power));
        let marks = tens.flat_map(|ten| [1.0, 2.0, 5.0].map(|digit| digit * ten));
        marks.filter(|mark| (0.0..=1.0).contains(&self.at(*mark))).collect()
    }
}

/// The picture.
pub fn svg(plot: &Plot) -> String {
    let across = Axis::of(plot.points.iter().map(|point| point.0));
    let up = Axis::of(plot.points.iter().map(|point| point.1).chain(plot.lines.iter().map(|line| line.0)));
    let x = |value: f64| LEFT + across.at(value) * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - up.at(value) * (HEIGHT - BOTTOM - TOP);
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"18\" font-weight=\"bold\">{}</text>\n",
        plot.title
    );
    for mark in across.marks() {
        let x = x(mark);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.1} {TOP}V{bottom}\" stroke=\"#eee\"/><text x=\"{x:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\">{mark}</text>",
            bottom + 16.0
        );
    }
    for mark in up.marks() {
        let y = y(mark);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#eee\"/><text x=\"{:.1}\" y=\"{:.1}\" \
             text-anchor=\"end\">{mark}</text>",
            LEFT - 6.0,
            y + 4.0
        );
    }
    for (value, meaning) in &plot.lines {
        let y = y(*value);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {y:.1}H{right}\" stroke=\"#c33\" stroke-dasharray=\"6 4\"/><text x=\"{right}\" \
             y=\"{:.1}\" fill=\"#c33\" text-anchor=\"end\">{meaning}</text>",
            y - 5.0
        );
    }
    for (right, upwards, name) in &plot.points {
        let _ = writeln!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"#27c\" fill-opacity=\".55\"><title>{name}: \
             {upwards:.1}</title></circle>",
            x(*right),
            y(*upwards)
        );
    }
    let [to_the_right, upwards] = plot.axes;
    let middle = f64::midpoint(LEFT, right);
    let _ = writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{to_the_right}</text>\n<text transform=\"rotate(-90)\" \
         x=\"{}\" y=\"14\" text-anchor=\"middle\">{upwards}</text>\n</svg>",
        HEIGHT - 10.0,
        -f64::midpoint(TOP, bottom)
    );
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_stands_where_its_numbers_say() {
        let points = vec![(1.0, 10.0, "least".to_owned()), (100.0, 1000.0, "most".to_owned())];
        let text = svg(&Plot { title: "T", axes: ["a", "b"], points, lines: vec![(100.0, "half")] });
        let corner = |name: &str, x: f64, y: f64| {
            assert!(text.contains(&format!("cx=\"{x:.1}\" cy=\"{y:.1}\"")), "{name}: {text}");
        };
        corner("least", LEFT, HEIGHT - BOTTOM);
        corner("most", WIDTH - RIGHT, TOP);
        let half = f64::midpoint(TOP, HEIGHT - BOTTOM);
        assert!(text.contains(&format!("M{LEFT} {half:.1}H")), "{text}");
    }
}

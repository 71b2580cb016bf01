//! How much room Go gives a slice that grows. It is seen where a slice is cut beyond its length, which Go allows up to its
//! capacity. Go 1.26: runtime/slice.go `growslice`, runtime/msize.go `roundupsize`, internal/runtime/gc/sizeclasses.go.

/// What the elements of a slice are to the allocator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bytes of an element.
    pub size: usize,
    /// Whether it holds pointers.
    pub has_pointers: bool,
}

/// Sizes of the blocks for small objects.
const SIZE_CLASSES: [u16; 67] = [
    8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416,
    448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200,
    3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336,
    16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
];

/// A larger object takes whole pages.
const MAX_SMALL: usize = 32_768;
const PAGE: usize = 8_192;

/// A small object with pointers that is larger than the second of these has a header of its own.
const HEADER: usize = 8;
const NO_HEADER: usize = 512;

/// From this capacity on it no longer doubles.
const THRESHOLD: usize = 256;

/// The capacity that a slice of the given capacity has after an append to a length that exceeds it.
pub fn grow(capacity: usize, len: usize, layout: Layout) -> usize {
    let wanted = next_capacity(capacity, len);
    round_up(wanted.saturating_mul(layout.size), layout.has_pointers) / layout.size
}

/// The capacity of a slice to which elements were appended one by one, beginning at the given capacity.
pub fn grown(capacity: usize, len: usize, layout: Layout) -> usize {
    let mut capacity = capacity;
    while capacity < len {
        capacity = grow(capacity, capacity + 1, layout);
    }
    capacity
}

/// Go: `nextslicecap`.
fn next_capacity(capacity: usize, len: usize) -> usize {
    if len > 2 * capacity {
        return len;
    }
    if capacity < THRESHOLD {
        return 2 * capacity;
    }
    let mut next = capacity;
    while next < len || next == capacity {
        next += (next + 3 * THRESHOLD) >> 2;
    }
    next
}

/// Go: `roundupsize`.
fn round_up(size: usize, has_pointers: bool) -> usize {
    if size > MAX_SMALL - HEADER {
        return size.div_ceil(PAGE).saturating_mul(PAGE);
    }
    let header = if has_pointers && size > NO_HEADER { HEADER } else { 0 };
    let class = SIZE_CLASSES.partition_point(|class| usize::from(*class) < size + header);
    SIZE_CLASSES.get(class).map_or(MAX_SMALL, |class| usize::from(*class)) - header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacities_are_gos() {
        let pointers = Layout { size: 16, has_pointers: true };
        let ints = Layout { size: 8, has_pointers: false };
        let seen = |layout| [0, 1, 3, 17, 33, 65, 129, 257, 513, 849].map(|len| grown(0, len, layout));
        assert_eq!(seen(pointers), [0, 1, 4, 32, 71, 71, 143, 303, 591, 1023]);
        assert_eq!(seen(ints), [0, 1, 4, 32, 64, 128, 256, 512, 848, 1280]);
        assert_eq!([3, 32, 33, 256, 2_000].map(|len| grow(len, len + 1, pointers)), [6, 71, 71, 591, 3_072]);
    }
}

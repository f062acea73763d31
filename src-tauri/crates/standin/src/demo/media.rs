//! Pictures and sounds, in the plainest form of their formats.

use crate::content::{Content, mix};

/// A PNG of `width` × `height` whose pixels `colour` chooses. Stored, not compressed.
pub(super) fn png(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Content {
    let mut pixels = Vec::new();
    for y in 0..height {
        pixels.push(0);
        for x in 0..width {
            pixels.extend(colour(x, y));
        }
    }
    let mut zlib = vec![0x78, 0x01];
    let mut blocks = pixels.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        zlib.push(u8::from(blocks.peek().is_none()));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    zlib.extend(adler32(&pixels).to_be_bytes());

    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header), (b"IDAT", zlib), (b"IEND", Vec::new())] {
        out.extend((data.len() as u32).to_be_bytes());
        let start = out.len();
        out.extend(kind);
        out.extend(data);
        let check = crc32(&out[start..]);
        out.extend(check.to_be_bytes());
    }
    out.into()
}

/// Hills under an evening sky, different for each seed.
pub(super) fn landscape(seed: u64, width: u32, height: u32) -> Content {
    let hills: Vec<(u32, u32, u32)> = (0..3)
        .map(|n| {
            let random = mix(seed, n);
            let period = width / 2 + (random % u64::from(width / 2)) as u32;
            let phase = (random >> 20) as u32 % width;
            (height * (5 + n as u32) / 9, period, phase)
        })
        .collect();
    let tint = (mix(seed, 9) % 60) as u32;
    png(width, height, |x, y| {
        let rise = |period: u32, phase: u32| {
            let at = (x + phase) % period;
            at.min(period - at) * height / 2 / period
        };
        let hill = hills
            .iter()
            .rposition(|(base, period, phase)| y + rise(*period, *phase) > *base);
        let level = y * 120 / height;
        match hill {
            Some(n) => [30 + tint / 2, 70 - 15 * n as u32, 90 - 20 * n as u32],
            None => [90 + level + tint / 3, 110 + level / 2, 190 - level / 2],
        }
        .map(|part| part as u8)
    })
}

/// A digit of 20 × 20 pixels: the segments of a clock's display, a little out of place.
pub(super) fn digit(value: usize, seed: u64) -> Content {
    const SEGMENTS: [u8; 10] = [0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f];
    let (dx, dy) = ((mix(seed, 0) % 4) as u32 + 4, (mix(seed, 1) % 4) as u32 + 1);
    let ink = 140 + (mix(seed, 2) % 100) as u8;
    png(20, 20, |x, y| {
        let (x, y) = (x.wrapping_sub(dx), y.wrapping_sub(dy));
        let is_lit = x < 10
            && y < 15
            && [
                y < 2,
                x < 2 && y < 8,
                x > 7 && y < 8,
                (6..9).contains(&y),
                x < 2 && y >= 7,
                x > 7 && y >= 7,
                y > 12,
            ]
            .into_iter()
            .enumerate()
            .any(|(n, is_here)| is_here && SEGMENTS[value] >> n & 1 == 1);
        [if is_lit { ink } else { 12 }; 3]
    })
}

/// A WAV of one channel at 8 kHz: a few chirps, triangles that rise.
pub(super) fn chirps(seed: u64, samples: u32) -> Content {
    const RATE: u32 = 8000;
    let mut data = Vec::new();
    let mut phase = 0_u32;
    for n in 0..samples {
        let in_chirp = n % (RATE / 4);
        let pitch = 700 + (mix(seed, u64::from(n / (RATE / 4))) % 900) as u32 + in_chirp / 2;
        phase = phase.wrapping_add(pitch * (u32::MAX / RATE));
        let level = (phase >> 16) as i32 - 32_768;
        let triangle = level.abs() - 16_384;
        let loudness = (RATE / 8).saturating_sub(in_chirp) as i32;
        data.extend(((triangle * loudness / RATE as i32) as i16).to_le_bytes());
    }
    let mut out = b"RIFF".to_vec();
    out.extend((36 + data.len() as u32).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16_u32.to_le_bytes());
    out.extend([1_u16, 1].map(u16::to_le_bytes).concat());
    out.extend([RATE, RATE * 2].map(u32::to_le_bytes).concat());
    out.extend([2_u16, 16].map(u16::to_le_bytes).concat());
    out.extend(b"data");
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out.into()
}

fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    // The longest run whose sums fit into 32 bits.
    let (a, b) = bytes.chunks(5552).fold((1, 0), |sums, run| {
        let (a, b) = run.iter().fold(sums, |(a, b): (u32, u32), byte| {
            let a = a + u32::from(*byte);
            (a, b + a)
        });
        (a % MODULUS, b % MODULUS)
    });
    b << 16 | a
}

const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                0xedb8_8320 ^ crc >> 1
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[byte] = crc;
        byte += 1;
    }
    table
};

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        CRC[usize::from(crc as u8 ^ byte)] ^ crc >> 8
    })
}

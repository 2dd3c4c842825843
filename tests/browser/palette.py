"""Pictures of pages with at most 256 colours, a third of their size: the browser counts, zlib packs."""

import struct
import zlib

# In: a picture in base64. Out: width, height, colours [[r, g, b], …] (at most 256), dots: one byte a pixel, in base64.
# Colours that are nearly equal share a place; the most frequent ones get one, all others take the nearest.
COUNT = """async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const paper = canvas.getContext("2d");
  paper.drawImage(image, 0, 0);
  const data = new Uint32Array(paper.getImageData(0, 0, image.width, image.height).data.buffer);
  const rgb = (dot) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
  const seen = new Map();
  for (const dot of data) seen.set(dot, (seen.get(dot) || 0) + 1);
  const places = new Map();
  for (const [dot, count] of [...seen].sort((a, b) => b[1] - a[1])) {
    const near = rgb(dot).map((part) => part >> 3).join();
    const place = places.get(near);
    if (place) place.count += count; else places.set(near, { dot, count });
  }
  const colours = [...places.values()].sort((a, b) => b.count - a.count).slice(0, 256).map((place) => rgb(place.dot));
  const nearest = (dot) => {
    const wanted = rgb(dot);
    let best = 0, least = Infinity;
    colours.forEach((colour, at) => {
      const far = colour.reduce((sum, part, one) => sum + (part - wanted[one]) ** 2, 0);
      if (far < least) { least = far; best = at; }
    });
    return best;
  };
  const known = new Map([...seen.keys()].map((dot) => [dot, nearest(dot)]));
  const dots = Uint8Array.from(data, (dot) => known.get(dot));
  let bytes = "";
  for (let at = 0; at < dots.length; at += 8192) bytes += String.fromCharCode(...dots.subarray(at, at + 8192));
  return { width: image.width, height: image.height, colours, dots: btoa(bytes) };
}"""


def png(width: int, height: int, colours: list[list[int]], dots: bytes) -> bytes:
    """A PNG with a palette (colour type 3, eight bits a pixel, no filter); `dots` are rows from top to bottom."""
    rows = b"".join(b"\0" + dots[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colour = bytes(part for one in colours for part in one)
    parts = ((b"IHDR", head), (b"PLTE", colour), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, body) for kind, body in parts)


def _part(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

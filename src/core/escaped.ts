const notInXml = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text as it stands in XML; characters that XML does not have at all become U+FFFD. */
export function escaped(text: string): string {
  const known = text.replace(notInXml, '\ufffd');
  // A `>` stands for itself, but for the one that ends a part of plain characters.
  return known.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(']]>', ']]&gt;');
}

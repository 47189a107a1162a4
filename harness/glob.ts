/** A pattern in which `*` stands for any text, as an expression for the whole of a text. */
export function globExpression(glob: string): RegExp {
  const pieces = glob.split('*').map((piece) => piece.replace(/[^\w-]/g, String.raw`\$&`));
  return new RegExp(`^${pieces.join('.*')}$`, 's');
}

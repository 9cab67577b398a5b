/** Room for the stroke above and below, in the units of the picture. */
const INSET = 2;

/** The path of a small line from zero to the highest value; `values` holds at least two. */
export function sparkline(values: readonly number[], width: number, height: number): string {
  const highest = Math.max(...values, 0);
  const step = width / (values.length - 1);
  return values
    .map((value, index) => {
      const share = highest === 0 ? 0 : value / highest;
      const y = height - INSET - share * (height - 2 * INSET);
      return `${index === 0 ? 'M' : 'L'}${round(index * step)} ${round(y)}`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/**
 * Of a file that is to be JSON and is not, `tell` hears, and it counts as none: all others are as good as without it.
 * Any other error is thrown again.
 */
export function unlessBroken(tell: (error: SyntaxError) => void = () => undefined): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof SyntaxError)) throw error;
    tell(error);
  };
}

/** Of a file that is to be JSON and is not, `tell` hears: one job more or less is no reason that a server does not start. Any other error is thrown again. */
export function unlessBroken(tell: (error: SyntaxError) => void): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof SyntaxError)) throw error;
    tell(error);
  };
}

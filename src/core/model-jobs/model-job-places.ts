/** Where in a data store jobs that make models have what they need. */
export const modelJobPlaces = {
  /** What there is to know of each: `<id>.json`. */
  jobs: 'model-jobs/',
  /** What became of it: `<id>/…`. */
  runs: 'model-runs/',
  /** What the rounds of a training by several workers begin with and come to: `<id>/…`. */
  rounds: 'model-rounds/',
  /** How far a training is, which goes on from there where what did it was lost: `<id>/…`. */
  checkpoints: 'model-checkpoints/',
  /** An empty file begins each job that was asked for by a request: `<id>`. */
  starts: 'model-starts/',
  /** Each server that does jobs renews a file of its own here while it runs. */
  servers: 'model-servers/',
  /** What is stored here by a name that says so begins one too. */
  incoming: 'incoming/',
} as const;

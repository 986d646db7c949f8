/** The small networks that can be made of data alone. */
export const networkKinds = ['mlp', 'cnn', 'logistic', 'linear'] as const;

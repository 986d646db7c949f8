/**
 * Samples a second of sounds whose spectra are made; of a frame, 25 ms; and from the beginning of one frame to that of
 * the next, 10 ms.
 */
export const spectrumForm = { rate: 16_000, frame: 400, hop: 160 };

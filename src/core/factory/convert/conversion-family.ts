/**
 * What has a Python environment of its own: scikit-learn, XGBoost and LightGBM; PyTorch and Hugging Face; TensorFlow
 * and Keras.
 */
export type ConversionFamily = 'tabular' | 'torch' | 'tensorflow';

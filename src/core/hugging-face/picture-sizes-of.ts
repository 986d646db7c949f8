import type { PictureSettings, PictureSize } from '../../ports/picture-settings.ts';
import { isObject } from '../../protocol/is-object.ts';
import { processorNumber } from './processor-number.ts';
import type { JsonObject } from './read-json-file.ts';
import { refusedProcessor } from './refused-processor.ts';

type Sizes = Pick<PictureSettings, 'resize' | 'fit' | 'size'>;

/** Image processors that make pictures larger than what they cut out, for which one number is the shorter side. */
const cutters = /^(CLIP|ChineseCLIP|Bit|DeiT|Levit|MobileNetV|MobileViT|PoolFormer)/;
/** Others for which one number is the shorter side, not both. */
const sizedByShorter = /^(CLIP|ChineseCLIP|ConvNext|Bit|Levit|MobileNetV|MobileViT|PoolFormer)/;
/** Those of detectors, for which it is so too, and the longer side has a bound. */
const detectors = /^(Detr|Yolos|ConditionalDetr|DeformableDetr|Deta)/;
/** The bound where a file has none. Source: transformers, models/detr/image_processing_detr.py. */
const longestOfDetectors = 1333;
/** Source: transformers, models/yolos/image_processing_yolos.py, get_size_with_aspect_ratio. */
const multipleOfYolos = 16;

/**
 * How a picture comes to have the size of `pixel_values`, as a preprocessor_config.json of Hugging Face says, or where
 * it does not the class that it names. Throws an Error where that is not known.
 */
export function pictureSizesOf(file: JsonObject, processor: string): Sizes {
  const cut = cutOf(file, processor);
  const size = file.do_resize === false ? undefined : resizeOf(file, processor);
  if (size && 'shortestSide' in size && processor.startsWith('ConvNext')) return convNext(file, size.shortestSide);
  if (cut) return { ...(size && { resize: size }), fit: 'crop', size: cut };
  if (size && 'shortestSide' in size) return { resize: size };
  return size ? { size } : {};
}

function cutOf(file: JsonObject, processor: string): PictureSize | undefined {
  if (file.do_center_crop === false) return undefined;
  const given = sizeOf('crop_size', file.crop_size, false);
  if (given) return 'width' in given ? given : square(given.shortestSide);
  if (cutters.test(processor)) return square(processor.startsWith('MobileViT') ? 256 : 224);
  if (file.do_center_crop !== true) return undefined;
  throw refusedProcessor(`'do_center_crop' is true, and no 'crop_size' says what is cut out`);
}

function resizeOf(file: JsonObject, processor: string): PictureSettings['resize'] {
  const isDetector = detectors.test(processor);
  const size = sizeOf('size', file.size, isDetector || sizedByShorter.test(processor));
  if (processor.startsWith('PoolFormer')) return size && poolFormer(file, size);
  const isConvNext = processor.startsWith('ConvNext');
  if (!isConvNext && processorNumber(file, 'crop_pct') !== undefined)
    throw refusedProcessor(`'crop_pct' is not known here of ${processor || 'a processor without a name'}`);
  if (!size || !('shortestSide' in size)) return size;
  if (processor.startsWith('Levit')) return { shortestSide: Math.trunc((256 / 224) * size.shortestSide) };
  if (!isDetector) return size;
  const isNumber = typeof file.size === 'number';
  const longestSide = isNumber ? (processorNumber(file, 'max_size') ?? longestOfDetectors) : size.longestSide;
  return {
    ...size,
    ...(longestSide !== undefined && { longestSide }),
    ...(processor.startsWith('Yolos') && { multipleOf: multipleOfYolos }),
  };
}

/**
 * Larger than the size by what is cut off then; a square is made so by its shorter side. Source: transformers,
 * models/poolformer/image_processing_poolformer.py.
 */
function poolFormer(file: JsonObject, size: NonNullable<PictureSettings['resize']>): PictureSettings['resize'] {
  const part = file.crop_pct === null ? undefined : (processorNumber(file, 'crop_pct') ?? 0.9);
  if (part === undefined) return size;
  const larger = (side: number) => Math.trunc(side / part);
  if ('shortestSide' in size) return { shortestSide: larger(size.shortestSide) };
  const { width, height } = size;
  return width === height ? { shortestSide: larger(width) } : { width: larger(width), height: larger(height) };
}

/**
 * Smaller than 384 it is made larger, and the middle cut out. Source: transformers,
 * models/convnext/image_processing_convnext.py.
 */
function convNext(file: JsonObject, side: number): Sizes {
  const size = square(side);
  if (side >= 384) return { size };
  const shortestSide = Math.trunc(side / (processorNumber(file, 'crop_pct') ?? 224 / 256));
  return { resize: { shortestSide }, fit: 'crop', size };
}

function sizeOf(name: string, value: unknown, isShorter: boolean): PictureSettings['resize'] {
  if (value === undefined || value === null) return undefined;
  if (isSide(value)) return isShorter ? { shortestSide: value } : square(value);
  const { height, width, shortest_edge: shortestSide, longest_edge: longestSide } = isObject(value) ? value : {};
  if (isSide(height) && isSide(width)) return { width, height };
  if (isSide(shortestSide)) return { shortestSide, ...(isSide(longestSide) && { longestSide }) };
  throw refusedProcessor(
    `'${name}': expected a number, a height and a width, or a shortest_edge, got ${JSON.stringify(value)}`,
  );
}

function square(side: number): PictureSize {
  return { width: side, height: side };
}

function isSide(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 16384;
}

import type { PictureSettings, ResizeFilter } from '../../ports/picture-settings.ts';
import { pictureSizesOf } from './picture-sizes-of.ts';
import { processorNumber } from './processor-number.ts';
import type { JsonObject } from './read-json-file.ts';
import { refusedProcessor } from './refused-processor.ts';

/** By Pillow's numbers. */
const filters: readonly ResizeFilter[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];
/** What changes pictures in ways that there is no setting for. */
const unknown = ['do_thumbnail', 'do_align_long_axis', 'rescale_offset'];
/** Source: transformers, models/swin2sr/image_processing_swin2sr.py. */
const mirroredTo = 8;
/** Sizes that they are padded to, or are multiples of. */
const unknownSizes = ['pad_size', 'size_divisor'];

/**
 * How a picture becomes `pixel_values`, as a preprocessor_config.json of Hugging Face says. Throws an Error where it
 * says it in a form that is not known, or asks for more than there are settings for.
 */
export function pictureSettingsOf(file: JsonObject): PictureSettings {
  const processor = String(file.image_processor_type ?? file.feature_extractor_type ?? '');
  const isMirrored = processor.startsWith('Swin2SR') && file.do_pad !== false;
  const strange =
    unknown.find((key) => file[key] === true) ??
    unknownSizes.find((key) => !isMirrored && file.do_pad !== false && (file[key] ?? undefined) !== undefined);
  if (strange) throw refusedProcessor(`'${strange}' is not known here`);
  return {
    layout: 'CHW',
    ...(file.do_flip_channel_order === true && { order: 'BGR' }),
    ...pictureSizesOf(file, processor),
    ...(isMirrored && {
      mirrorTo: processorNumber(file, 'size_divisor') ?? processorNumber(file, 'pad_size') ?? mirroredTo,
    }),
    ...filter(file),
    scale: file.do_rescale === false ? 1 : (processorNumber(file, 'rescale_factor') ?? 1 / 255),
    ...normalization(file, processor),
  };
}

/** EfficientNet's divides once more for its classes. Source: models/efficientnet/image_processing_efficientnet.py. */
function normalization(file: JsonObject, processor: string): Pick<PictureSettings, 'mean' | 'std'> {
  const isNormal = file.do_normalize !== false;
  const isTop = processor.startsWith('EfficientNet') && file.include_top !== false;
  const mean = isNormal ? channels(file, 'image_mean') : undefined;
  const given = isNormal || isTop ? channels(file, 'image_std') : undefined;
  const std = isNormal && isTop ? given?.map((each) => each * each) : given;
  return { ...(mean && { mean }), ...(std && { std }) };
}

function filter({ resample }: JsonObject): Pick<PictureSettings, 'filter'> {
  if (resample === undefined || resample === null) return {};
  const found = filters[resample as number];
  if (found) return { filter: found };
  throw refusedProcessor(`'resample': expected 0 to 5, as Pillow counts its filters, got ${JSON.stringify(resample)}`);
}

function channels(file: JsonObject, name: string): readonly number[] | undefined {
  const value = file[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && [1, 3].includes(value.length) && value.every((each) => typeof each === 'number'))
    return value;
  throw refusedProcessor(`'${name}': expected a number for each channel, got ${JSON.stringify(value)}`);
}

import type { PictureSettings, PictureSize, ResizeFilter } from '../../ports/picture-settings.ts';
import { isObject } from '../../protocol/is-object.ts';
import type { JsonObject } from './read-json-file.ts';

/** By Pillow's numbers. */
const filters: readonly ResizeFilter[] = ['nearest', 'lanczos', 'bilinear', 'bicubic', 'box', 'hamming'];
/** Image processors for which one number is the shorter side, not both. */
const sizedByShorter = /^(CLIP|ChineseCLIP|ConvNext|Bit|Levit|MobileNetV|MobileViT|PoolFormer)/;
/** What changes pictures in ways that there is no setting for. */
const unknown = ['do_thumbnail', 'do_align_long_axis', 'rescale_offset'];

/**
 * How a picture becomes `pixel_values`, as a preprocessor_config.json of Hugging Face says. Throws an Error where it
 * says it in a form that is not known, or asks for more than there are settings for.
 */
export function pictureSettingsOf(file: JsonObject): PictureSettings {
  const strange = unknown.find((key) => file[key] === true);
  if (strange) throw refused(`'${strange}' is not known here`);
  const processor = String(file.image_processor_type ?? file.feature_extractor_type ?? '');
  const mean = file.do_normalize === false ? undefined : channels(file, 'image_mean');
  const std = file.do_normalize === false ? undefined : channels(file, 'image_std');
  return {
    layout: 'CHW',
    ...(file.do_flip_channel_order === true && { order: 'BGR' }),
    ...sizes(file, processor),
    ...filter(file),
    scale: file.do_rescale === false ? 1 : (number(file, 'rescale_factor') ?? 1 / 255),
    ...(mean && { mean }),
    ...(std && { std }),
  };
}

function sizes(file: JsonObject, processor: string): Pick<PictureSettings, 'resize' | 'fit' | 'size'> {
  const crop = file.do_center_crop === false ? undefined : sizeOf('crop_size', file.crop_size, false);
  const size = file.do_resize === false ? undefined : sizeOf('size', file.size, sizedByShorter.test(processor));
  const cut = crop && sides(crop);
  if (size && 'shortestSide' in size && processor.startsWith('ConvNext')) return convNext(file, size.shortestSide);
  if (cut) return { ...(size && { resize: size }), fit: 'crop', size: cut };
  const longestSide = number(file, 'max_size');
  if (size && 'shortestSide' in size) return { resize: { ...size, ...(longestSide !== undefined && { longestSide }) } };
  return size ? { size } : {};
}

/**
 * Smaller than 384 it is made larger, and the middle cut out. Source: transformers,
 * models/convnext/image_processing_convnext.py.
 */
function convNext(file: JsonObject, side: number): Pick<PictureSettings, 'resize' | 'fit' | 'size'> {
  const size = { width: side, height: side };
  if (side >= 384) return { size };
  const shortestSide = Math.trunc(side / (number(file, 'crop_pct') ?? 224 / 256));
  return { resize: { shortestSide }, fit: 'crop', size };
}

function sizeOf(name: string, value: unknown, isShorter: boolean): PictureSettings['resize'] {
  if (value === undefined || value === null) return undefined;
  if (isSide(value)) return isShorter ? { shortestSide: value } : { width: value, height: value };
  const { height, width, shortest_edge: shortestSide, longest_edge: longestSide } = isObject(value) ? value : {};
  if (isSide(height) && isSide(width)) return { width, height };
  if (isSide(shortestSide)) return { shortestSide, ...(isSide(longestSide) && { longestSide }) };
  throw refused(`'${name}': expected a number, a height and a width, or a shortest_edge, got ${JSON.stringify(value)}`);
}

/** Of a crop, which has both sides whatever it is said by. */
function sides(size: NonNullable<PictureSettings['resize']>): PictureSize {
  return 'width' in size ? size : { width: size.shortestSide, height: size.shortestSide };
}

function isSide(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 16384;
}

function filter({ resample }: JsonObject): Pick<PictureSettings, 'filter'> {
  if (resample === undefined || resample === null) return {};
  const found = filters[resample as number];
  if (found) return { filter: found };
  throw refused(`'resample': expected 0 to 5, as Pillow counts its filters, got ${JSON.stringify(resample)}`);
}

function number(file: JsonObject, name: string): number | undefined {
  const value = file[name];
  if (value === undefined || value === null || typeof value === 'number') return value ?? undefined;
  throw refused(`'${name}': expected a number, got ${JSON.stringify(value)}`);
}

function channels(file: JsonObject, name: string): readonly number[] | undefined {
  const value = file[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && [1, 3].includes(value.length) && value.every((each) => typeof each === 'number'))
    return value;
  throw refused(`'${name}': expected a number for each channel, got ${JSON.stringify(value)}`);
}

function refused(what: string): Error {
  return new Error(`preprocessor_config.json: ${what}; say in model.json how a picture becomes the model's input`);
}

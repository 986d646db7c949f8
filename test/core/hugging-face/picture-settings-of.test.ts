import { describe, expect, test } from '@jest/globals';
import { pictureSettingsOf } from '../../../src/core/hugging-face/picture-settings-of.ts';
import type { JsonObject } from '../../../src/core/hugging-face/read-json-file.ts';
import type { PictureSettings } from '../../../src/ports/picture-settings.ts';

describe('pictures', () => {
  test.each<[string, object, PictureSettings]>([
    [
      'as ViT',
      {
        do_resize: true,
        size: { height: 224, width: 224 },
        resample: 2,
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 0.5, 0.5],
      },
      {
        layout: 'CHW',
        size: { width: 224, height: 224 },
        filter: 'bilinear',
        scale: 1 / 255,
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      },
    ],
    [
      'as CLIP',
      {
        image_processor_type: 'CLIPImageProcessor',
        size: 224,
        crop_size: 192,
        resample: 3,
        do_normalize: false,
        image_mean: [1],
      },
      {
        layout: 'CHW',
        resize: { shortestSide: 224 },
        fit: 'crop',
        size: { width: 192, height: 192 },
        filter: 'bicubic',
        scale: 1 / 255,
      },
    ],
    [
      'as DeiT',
      {
        size: { height: 256, width: 256 },
        do_center_crop: true,
        crop_size: { height: 224, width: 200 },
        rescale_factor: 0.5,
      },
      {
        layout: 'CHW',
        resize: { width: 256, height: 256 },
        fit: 'crop',
        size: { width: 200, height: 224 },
        scale: 0.5,
      },
    ],
    [
      'as ResNet',
      { feature_extractor_type: 'ConvNextFeatureExtractor', size: 224, crop_pct: 0.875, do_rescale: false },
      { layout: 'CHW', resize: { shortestSide: 256 }, fit: 'crop', size: { width: 224, height: 224 }, scale: 1 },
    ],
    [
      'as ConvNeXT of 384',
      { image_processor_type: 'ConvNextImageProcessor', size: { shortest_edge: 384 } },
      { layout: 'CHW', size: { width: 384, height: 384 }, scale: 1 / 255 },
    ],
    [
      'as DETR',
      { size: { shortest_edge: 800, longest_edge: 1333 }, do_pad: true },
      { layout: 'CHW', resize: { shortestSide: 800, longestSide: 1333 }, scale: 1 / 255 },
    ],
    [
      'as LeViT, made larger than what is cut out',
      { feature_extractor_type: 'LevitFeatureExtractor', do_center_crop: true, resample: 3, size: 224 },
      {
        layout: 'CHW',
        resize: { shortestSide: 256 },
        fit: 'crop',
        size: { width: 224, height: 224 },
        filter: 'bicubic',
        scale: 1 / 255,
      },
    ],
    [
      'as PoolFormer',
      { feature_extractor_type: 'PoolFormerFeatureExtractor', do_resize_and_center_crop: true, size: 224 },
      { layout: 'CHW', resize: { shortestSide: 248 }, fit: 'crop', size: { width: 224, height: 224 }, scale: 1 / 255 },
    ],
    [
      'as PoolFormer, by its sides',
      {
        image_processor_type: 'PoolFormerImageProcessor',
        crop_pct: 0.5,
        size: { height: 10, width: 20 },
        crop_size: 9,
      },
      {
        layout: 'CHW',
        resize: { width: 40, height: 20 },
        fit: 'crop',
        size: { width: 9, height: 9 },
        scale: 1 / 255,
      },
    ],
    [
      'as MobileViT, by what its class cuts out',
      { image_processor_type: 'MobileViTImageProcessor', do_center_crop: true, size: { shortest_edge: 288 } },
      { layout: 'CHW', resize: { shortestSide: 288 }, fit: 'crop', size: { width: 256, height: 256 }, scale: 1 / 255 },
    ],
    [
      'as EfficientNet, divided twice',
      {
        image_processor_type: 'EfficientNetImageProcessor',
        include_top: true,
        do_center_crop: false,
        size: { height: 2, width: 2 },
        image_mean: [0.5, 0.5, 0.5],
        image_std: [0.5, 2, 0.25],
      },
      {
        layout: 'CHW',
        size: { width: 2, height: 2 },
        scale: 1 / 255,
        mean: [0.5, 0.5, 0.5],
        std: [0.25, 4, 0.0625],
      },
    ],
    [
      'as EfficientNet without a mean',
      { image_processor_type: 'EfficientNetImageProcessor', do_normalize: false, image_mean: [1], image_std: [0.5] },
      { layout: 'CHW', scale: 1 / 255, std: [0.5] },
    ],
    [
      'as YOLOS, in multiples of 16',
      { feature_extractor_type: 'YolosFeatureExtractor', size: 512, max_size: 1333 },
      { layout: 'CHW', resize: { shortestSide: 512, longestSide: 1333, multipleOf: 16 }, scale: 1 / 255 },
    ],
    [
      'as Swin2SR',
      { image_processor_type: 'Swin2SRImageProcessor', do_pad: true, do_rescale: true, pad_size: 16 },
      { layout: 'CHW', mirrorTo: 16, scale: 1 / 255 },
    ],
    [
      'as Swin2SR without more',
      { image_processor_type: 'Swin2SRImageProcessor' },
      { layout: 'CHW', mirrorTo: 8, scale: 1 / 255 },
    ],
    [
      'as DETR of a number, within its usual bound',
      { feature_extractor_type: 'DetrFeatureExtractor', size: 800 },
      { layout: 'CHW', resize: { shortestSide: 800, longestSide: 1333 }, scale: 1 / 255 },
    ],
    [
      'as MobileViT, in another order of channels',
      { do_resize: false, size: 9, do_center_crop: false, crop_size: 9, do_flip_channel_order: true },
      { layout: 'CHW', order: 'BGR', scale: 1 / 255 },
    ],
  ])('are fitted %s is', (_like, processor, settings) => {
    expect(pictureSettingsOf(processor as JsonObject)).toEqual(settings);
  });

  test.each([
    [{ size: 'large' }, '\'size\': expected a number, a height and a width, or a shortest_edge, got "large"'],
    [{ resample: 9 }, "'resample': expected 0 to 5"],
    [{ image_mean: [1, 2] }, "'image_mean': expected a number for each channel, got [1,2]"],
    [{ rescale_factor: '1' }, "'rescale_factor': expected a number"],
    [{ do_center_crop: true, size: 224 }, "'do_center_crop' is true, and no 'crop_size' says what is cut out"],
    [{ crop_pct: 0.9, size: 224 }, "'crop_pct' is not known here of a processor without a name"],
    [
      { image_processor_type: 'DetrImageProcessor', do_pad: true, pad_size: { height: 9, width: 9 } },
      "'pad_size' is not known here",
    ],
    [{ size_divisor: 32 }, "'size_divisor' is not known here"],
    [{ do_align_long_axis: true }, "'do_align_long_axis' is not known here; say in model.json how"],
  ])('are not guessed at where the processor has %j', (processor, words) => {
    expect(() => pictureSettingsOf(processor as JsonObject)).toThrow(`preprocessor_config.json: ${words}`);
  });
});

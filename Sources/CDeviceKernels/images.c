#include "CDeviceKernels.h"
#include "inflate.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// Images as Scripts/images/archive.py writes them, one archive a program; an image is unpacked when it
// is first asked for, and stays.

static const unsigned char checksum_images[] = {
#embed "images/checksum.images"
};
static const unsigned char gather_rows_images[] = {
#embed "images/gatherRows.images"
};
static const unsigned char rms_norm_images[] = {
#embed "images/rmsNorm.images"
};
static const unsigned char layer_norm_images[] = {
#embed "images/layerNorm.images"
};
static const unsigned char rotate_images[] = {
#embed "images/rotate.images"
};
static const unsigned char store_images[] = {
#embed "images/store.images"
};
static const unsigned char mean_rows_images[] = {
#embed "images/meanRows.images"
};
static const unsigned char rotate_and_store_images[] = {
#embed "images/rotateAndStore.images"
};
static const unsigned char convolution_images[] = {
#embed "images/convolution.images"
};
static const unsigned char maps_images[] = {
#embed "images/maps.images"
};
static const unsigned char linear_images[] = {
#embed "images/linear.images"
};
static const unsigned char linear_rows_images[] = {
#embed "images/linearRows.images"
};
static const unsigned char int8_images[] = {
#embed "images/int8.images"
};
static const unsigned char attention_images[] = {
#embed "images/attention.images"
};
static const unsigned char attention_any_images[] = {
#embed "images/attentionAny.images"
};
static const unsigned char attention_tiles_images[] = {
#embed "images/attentionTiles.images"
};
static const unsigned char attend_within_images[] = {
#embed "images/attendWithin.images"
};
static const unsigned char elementwise_images[] = {
#embed "images/elementwise.images"
};
static const unsigned char gelu_images[] = {
#embed "images/gelu.images"
};
static const unsigned char dequantize_images[] = {
#embed "images/dequantize.images"
};
static const unsigned char quantize_images[] = {
#embed "images/quantize.images"
};
static const unsigned char coded_tiles_images[] = {
#embed "images/codedTiles.images"
};
static const unsigned char matrix_tiles_images[] = {
#embed "images/matrixTiles.images"
};
static const unsigned char conformance_arguments_images[] = {
#embed "images/conformance-arguments.images"
};
static const unsigned char conformance_grid_images[] = {
#embed "images/conformance-grid.images"
};
static const unsigned char conformance_local_images[] = {
#embed "images/conformance-local.images"
};
static const unsigned char conformance_defines_images[] = {
#embed "images/conformance-defines.images"
};
static const unsigned char conformance_numbers_images[] = {
#embed "images/conformance-numbers.images"
};
static const unsigned char conformance_collectives_images[] = {
#embed "images/conformance-collectives.images"
};

struct archive {
  const unsigned char *bytes;
  /// The unpacked images by entry: an array that is made at the first use of the archive.
  _Atomic(_Atomic(void *) *) unpacked;
};

static struct archive archives[] = {
    {checksum_images, NULL},
    {gather_rows_images, NULL},
    {rms_norm_images, NULL},
    {layer_norm_images, NULL},
    {rotate_images, NULL},
    {store_images, NULL},
    {mean_rows_images, NULL},
    {convolution_images, NULL},
    {maps_images, NULL},
    {rotate_and_store_images, NULL},
    {linear_images, NULL},
    {linear_rows_images, NULL},
    {int8_images, NULL},
    {attention_images, NULL},
    {attention_any_images, NULL},
    {attention_tiles_images, NULL},
    {attend_within_images, NULL},
    {elementwise_images, NULL},
    {gelu_images, NULL},
    {dequantize_images, NULL},
    {quantize_images, NULL},
    {coded_tiles_images, NULL},
    {matrix_tiles_images, NULL},
    {conformance_arguments_images, NULL},
    {conformance_grid_images, NULL},
    {conformance_local_images, NULL},
    {conformance_defines_images, NULL},
    {conformance_numbers_images, NULL},
    {conformance_collectives_images, NULL},
};
enum { archive_count = sizeof(archives) / sizeof(archives[0]) };

// MARK: the entries of an archive

enum { header_size = 72, entry_size = 20 };

static uint32_t number(const unsigned char *bytes) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static uint32_t entry_count(const struct archive *archive) {
  return number(archive->bytes + header_size);
}

/// Field 0 … 4 of an entry: target, key, place, packed size, size.
static uint32_t field(const struct archive *archive, uint32_t entry, int field) {
  return number(archive->bytes + header_size + 4 + entry_size * entry + 4 * (uint32_t)field);
}

static const char *text(const struct archive *archive, uint32_t entry, int which) {
  return (const char *)archive->bytes + field(archive, entry, which);
}

// MARK: unpacking

/// The places of an archive's unpacked images, made once; NULL without memory.
static _Atomic(void *) *places(struct archive *archive) {
  _Atomic(void *) *found = atomic_load(&archive->unpacked);
  if (found) return found;
  _Atomic(void *) *made = calloc(entry_count(archive), sizeof(*made));
  if (!made || atomic_compare_exchange_strong(&archive->unpacked, &found, made)) return made;
  free(made);
  return found;
}

static void *unpack(const struct archive *archive, uint32_t entry) {
  size_t size = field(archive, entry, 4);
  uint8_t *image = malloc(size);
  if (!image) return NULL;
  if (ferry_inflate(archive->bytes + field(archive, entry, 2), field(archive, entry, 3), image, size))
    return image;
  free(image);
  return NULL;
}

/// The image of an entry; two threads that ask first at once get the same.
static const void *image(struct archive *archive, uint32_t entry) {
  _Atomic(void *) *place = places(archive);
  if (!place) return NULL;
  place += entry;
  void *found = atomic_load(place);
  if (found) return found;
  void *made = unpack(archive, entry);
  if (!made || atomic_compare_exchange_strong(place, &found, made)) return made;
  free(made);
  return found;
}

// MARK: the catalog

const void *ferry_kernel_image(const char *target, const char *key, size_t *size) {
  for (int a = 0; a < archive_count; a++) {
    struct archive *archive = &archives[a];
    for (uint32_t i = 0; i < entry_count(archive); i++) {
      if (strcmp(text(archive, i, 1), key) != 0 || strcmp(text(archive, i, 0), target) != 0) continue;
      if (size) *size = field(archive, i, 4);
      return image(archive, i);
    }
  }
  return NULL;
}

bool ferry_kernel_has_image(const char *key) {
  for (int a = 0; a < archive_count; a++)
    for (uint32_t i = 0; i < entry_count(&archives[a]); i++)
      if (strcmp(text(&archives[a], i, 1), key) == 0) return true;
  return false;
}

const char *ferry_kernel_image_key(const void *image) {
  for (int a = 0; image && a < archive_count; a++) {
    _Atomic(void *) *unpacked = atomic_load(&archives[a].unpacked);
    for (uint32_t i = 0; unpacked && i < entry_count(&archives[a]); i++)
      if (atomic_load(&unpacked[i]) == image) return text(&archives[a], i, 1);
  }
  return NULL;
}

const char *ferry_kernel_image_key_of_copy(const void *bytes, size_t size) {
  for (int a = 0; a < archive_count; a++)
    for (uint32_t i = 0; i < entry_count(&archives[a]); i++) {
      if (field(&archives[a], i, 4) != size) continue;
      const void *own = image(&archives[a], i);
      if (own && memcmp(own, bytes, size) == 0) return text(&archives[a], i, 1);
    }
  return NULL;
}

/*
 * Draws characters as kmscon's src/font_pango.c does, with the same calls of the same library: one line of text each,
 * rendered into a cell of the size that it measures. Arguments: family, pixels, 1 for bold; characters on the input, a
 * line each. Output: width and height, then each cell's bytes in hex, and how far the character is wide.
 */
#include <ft2build.h>
#include <pango/pangoft2.h>
#include FT_FREETYPE_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *measured = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "@!\"$%&/()=?\\}][{°^~+*#'<>|-_.:,;`´";

static PangoLayout *layout_of(PangoContext *context, const char *text) {
  PangoLayout *layout = pango_layout_new(context);
  pango_layout_set_height(layout, 0);
  pango_layout_set_spacing(layout, 0);
  pango_layout_set_text(layout, text, -1);
  return layout;
}

int main(int count, char **argument) {
  if (count != 4) return 2;
  PangoContext *context = pango_font_map_create_context(pango_ft2_font_map_new());
  pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
  pango_context_set_language(context, pango_language_get_default());
  PangoFontDescription *font = pango_font_description_from_string(argument[1]);
  pango_font_description_set_absolute_size(font, PANGO_SCALE * atoi(argument[2]));
  pango_font_description_set_weight(font, atoi(argument[3]) ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_style(font, PANGO_STYLE_NORMAL);
  pango_font_description_set_variant(font, PANGO_VARIANT_NORMAL);
  pango_font_description_set_stretch(font, PANGO_STRETCH_NORMAL);
  pango_font_description_set_gravity(font, PANGO_GRAVITY_SOUTH);
  pango_context_set_font_description(context, font);

  PangoRectangle all;
  PangoLayout *line_of_all = layout_of(context, measured);
  pango_layout_get_pixel_extents(line_of_all, NULL, &all);
  int width = all.width / (int)strlen(measured) + 1;
  int baseline = PANGO_PIXELS_CEIL(pango_layout_get_baseline(line_of_all));
  printf("%d %d\n", width, all.height);

  char text[64];
  unsigned char *cell = malloc(width * all.height);
  while (fgets(text, sizeof text, stdin) != NULL) {
    text[strcspn(text, "\n")] = 0;
    PangoLayout *layout = layout_of(context, text);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    PangoRectangle ink, logical;
    pango_layout_line_get_extents(line, &ink, &logical);
    pango_extents_to_pixels(&logical, &ink);
    FT_Bitmap bitmap = {.rows = all.height, .width = width, .pitch = width, .num_grays = 256, .buffer = cell};
    bitmap.pixel_mode = FT_PIXEL_MODE_GRAY;
    memset(cell, 0, width * all.height);
    pango_ft2_render_layout_line(&bitmap, line, -logical.x, baseline);
    for (int at = 0; at < width * all.height; at++) printf("%02x", cell[at]);
    printf(" %d %d\n", ink.x + ink.width > logical.x + width, pango_layout_get_unknown_glyphs_count(layout));
    g_object_unref(layout);
  }
  return 0;
}

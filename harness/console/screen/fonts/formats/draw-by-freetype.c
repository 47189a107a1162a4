/*
 * Draws characters as kmscon does that uses FreeType itself: the font is scaled so that a line has a cell's height, and
 * hinted lightly. Arguments: the font's file, the cell's height; characters on the input, a line each, as their numbers.
 * Output as of draw-by-pango.c.
 */
#include <ft2build.h>
#include FT_FREETYPE_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **argument) {
  FT_Library library;
  FT_Face face;
  if (count != 3 || FT_Init_FreeType(&library) || FT_New_Face(library, argument[1], 0, &face)) return 2;
  int height = atoi(argument[2]);
  FT_Size_RequestRec request = {FT_SIZE_REQUEST_TYPE_REAL_DIM, 0, height * 64, 0, 0};
  if (FT_Request_Size(face, &request)) return 2;
  int width = face->size->metrics.max_advance >> 6;
  printf("%d %d\n", width, height);

  unsigned long code;
  unsigned char *cell = malloc(width * height);
  while (scanf("%lu", &code) == 1) {
    FT_UInt index = FT_Get_Char_Index(face, code);
    if (FT_Load_Glyph(face, index, FT_LOAD_TARGET_LIGHT)) return 2;
    if (FT_Render_Glyph(face->glyph, FT_RENDER_MODE_NORMAL)) return 2;
    FT_Bitmap *bitmap = &face->glyph->bitmap;
    int left = face->glyph->bitmap_left;
    int top = (face->size->metrics.ascender >> 6) - face->glyph->bitmap_top;
    memset(cell, 0, width * height);
    for (int y = 0; y < (int)bitmap->rows; y++)
      for (int x = 0; x < (int)bitmap->width; x++)
        if (y + top >= 0 && y + top < height && x + left >= 0 && x + left < width)
          cell[(y + top) * width + x + left] = bitmap->buffer[y * bitmap->pitch + x];
    for (int at = 0; at < width * height; at++) printf("%02x", cell[at]);
    printf(" %d %d\n", 0, index == 0);
  }
  return 0;
}

/**
 * Makes a broken image from the reference images.
 * @param reference the directory of the built reference images; only read
 * @param scratch an empty directory for the image, which goes away with it
 * @returns the path that `--images` takes
 */
export type Make = (reference: string, scratch: string) => Promise<string>;

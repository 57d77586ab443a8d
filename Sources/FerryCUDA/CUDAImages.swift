import CDeviceKernels

/// Compiled kernels, by target and by ``KernelProgram/imageKey``.
///
/// `@unchecked Sendable`: images are constant and live as long as the process.
package struct CUDAImages: @unchecked Sendable {
  /// The image of a target ("sm_90", or "compute_75" for PTX, which ends with a zero byte); nil where
  /// there is none.
  let image: (_ target: String, _ key: String) -> UnsafeRawPointer?

  /// Images that somebody else has.
  package init(_ image: @escaping (_ target: String, _ key: String) -> UnsafeRawPointer?) {
    self.image = image
  }

  /// Those of this build.
  package static let embedded = CUDAImages { ferry_kernel_image($0, $1, nil) }
}

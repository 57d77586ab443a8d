/// One message of a chat.
package struct ChatMessage: Hashable, Sendable {
  /// Who speaks.
  package enum Role: String, Hashable, Sendable { case system, user, assistant }

  package var role: Role
  package var content: String

  package init(_ role: Role, _ content: String) {
    self.role = role
    self.content = content
  }
}

extension String {
  /// The text without white space at both ends, as Python's `strip` removes it: White_Space and the
  /// four separators U+001C to U+001F.
  var stripped: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isPythonSpace }),
      let last = scalars.lastIndex(where: { !$0.isPythonSpace })
    else { return "" }
    return String(scalars[first...last])
  }
}

import Glibc

/// A day as templates print it: "26 Jul 2024", in English whatever the locale.
struct CalendarDay: CustomStringConvertible {
  private let day: Int
  /// 0 for January.
  private let month: Int
  private let year: Int

  /// The present day at this place.
  static var today: CalendarDay {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return CalendarDay(
      day: Int(parts.tm_mday), month: Int(parts.tm_mon), year: Int(parts.tm_year) + 1900)
  }

  var description: String {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    return "\(day < 10 ? "0" : "")\(day) \(months[month]) \(year)"
  }
}

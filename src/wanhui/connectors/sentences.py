"""Every sentence `connectors.file` and taking in say to a person, with holes for what they found."""

from django.utils.translation import gettext_noop as _

NOT_CONFIRMED = _("Nobody confirmed this file for two weeks, so it was thrown away. Upload it again if you need it.")
SENTENCES: tuple[str, ...] = (
    NOT_CONFIRMED,
    _("This is the same file as %(file)s, which came together with it. It is taken once."),
    _("This file is larger than %(limit)s MB. Export a shorter period, or split the file."),
    _("the row is empty"),
    _("the row repeats the header"),
    _("the row has no text, rating, time, buyer or id"),
    _("the row has more cells than the header: %(cells)s for %(columns)s; a quotation mark may be missing"),
    _("the row has more cells than the header"),
    _("the id %(id)s stands in row %(row)s already, with other words"),
    _("an earlier version of a review that has changed since; nothing was changed back"),
    _("time without a date: %(cell)s"),
    _("time without a date"),
    _("time relative to another day: %(cell)s"),
    _("time relative to another day"),
    _("time not understood: %(cell)s"),
    _("time not understood"),
    _("day and month cannot be told apart: %(cell)s"),
    _("day and month cannot be told apart"),
    _("time without a year: %(cell)s"),
    _("time without a year"),
    _("time that does not exist: %(cell)s"),
    _("time that does not exist"),
    _("year out of reach: %(cell)s"),
    _("year out of reach"),
    _("rating not understood: %(cell)s"),
    _("rating not understood"),
    _("rating between two stars: %(cell)s is counted as %(stars)s"),
    _("rating between two stars"),
    _("review id damaged by a spreadsheet: it became the number %(cell)s"),
    _("review id damaged by a spreadsheet: its last digits became zeros"),
    _("review id damaged by a spreadsheet"),
    _("review id left out: it looks like a mobile number"),
    _("review id left out: it is longer than 200 characters"),
    _("review id left out"),
    _("order id damaged by a spreadsheet: it became the number %(cell)s"),
    _("order id damaged by a spreadsheet: its last digits became zeros"),
    _("order id damaged by a spreadsheet"),
    _("order id left out: it looks like a mobile number"),
    _("order id left out: it is longer than 200 characters"),
    _("order id left out"),
    _("product id damaged by a spreadsheet: it became the number %(cell)s"),
    _("product id damaged by a spreadsheet: its last digits became zeros"),
    _("product id damaged by a spreadsheet"),
    _("product id left out: it looks like a mobile number"),
    _("product id left out: it is longer than 200 characters"),
    _("product id left out"),
    _('the name "%(header)s"'),
    _('the name "%(header)s", though it is empty so far'),
    _('the name "%(header)s", though its cells hardly hold words'),
    _("you named it"),
    _("you chose it"),
    _("the longest texts are here; please check"),
    _('"%(header)s" belongs to one time each and grows with the time: it numbers reviews, not people'),
    _('"%(header)s" is taken as the id of the review: each belongs to one time and they grow with the time.'),
    _('"%(header)s" counts up to %(scale)s; it is turned into one to five stars.'),
    _('"%(header)s" and "%(other)s" both look like %(field)s; "%(taken)s" was taken.'),
    _('"%(header)s" is named like %(field)s but its cells are of another kind; it was left out.'),
    _('No column is named as the text of reviews; "%(header)s" has the longest texts. Please check it.'),
    _('In "%(column)s" the day stands first, as other dates of the column show.'),
    _('In "%(column)s" the month stands first, as other dates of the column show.'),
    _('The sheet "%(sheet)s" was read; not read: %(others)s.'),
    _('"%(header)s" is the name of columns %(first)s and %(second)s; one is empty.'),
    _('"%(field_code)s" is not a field of a review. Known are: %(known)s.'),
    _("There is no column %(number)s; the file has %(count)s."),
    _('There is no column "%(header)s". The file has: %(columns)s.'),
    _("Please say which column holds the text of the reviews."),
    _(
        "This sheet holds totals for each product, not single reviews; its columns %(columns)s tell so. Please "
        "export the list of reviews (评价明细) instead, one row for each review with its text."
    ),
    _(
        "This sheet holds totals for each day or period, not single reviews; its columns %(columns)s tell so. Please "
        "export the list of reviews (评价明细) instead, one row for each review with its text."
    ),
    _(
        "This sheet holds totals for each shop, not single reviews; its columns %(columns)s tell so. Please "
        "export the list of reviews (评价明细) instead, one row for each review with its text."
    ),
    _(
        "This sheet holds totals of reviews, not single reviews; its columns %(columns)s tell so. Please "
        "export the list of reviews (评价明细) instead, one row for each review with its text."
    ),
    _("Left out because they hold totals and not single reviews: %(others)s."),
    _(
        "No column holds the text of reviews. The columns are: %(columns)s. Please name the right one with "
        "--text-column, or check that this is the right file."
    ),
    _(
        "%(file)s: the row that begins in line %(line)s cannot be read (%(why)s). Often a quotation mark "
        "there is never closed; please correct that line and try again."
    ),
    _(
        "%(file)s: a quotation mark opened in line %(line)s is never closed, so the rest of the file would "
        "become one cell. Please correct that line and try again."
    ),
    _(
        "%(file)s begins as %(encoding)s but byte %(byte)s does not fit it. Please open it where it reads "
        'well and save it as "CSV UTF-8", or as xlsx.'
    ),
    _(
        "%(file)s is not a text file: there is a zero byte at position %(byte)s. If it is a spreadsheet, "
        "please give it the ending .xls or .xlsx; otherwise save it as CSV UTF-8."
    ),
    _(
        "%(file)s is neither UTF-8 (byte %(byte)s) nor GB18030 (byte %(other)s). Please open it where it "
        'reads well and save it as "CSV UTF-8", or as xlsx.'
    ),
    _(
        "%(file)s is not UTF-8 (byte %(byte)s does not fit), and read as GB18030 it gives no sensible "
        "Chinese. It may be an older Western or Taiwanese encoding. Please open it where it reads well and "
        'save it as "CSV UTF-8", or as xlsx.'
    ),
    _(
        "%(file)s is one JSON document of more than %(size)s MB. Please save it as JSON Lines (.jsonl, one "
        "object a line), which can be of any size."
    ),
    _("%(file)s is empty. Please export it again."),
    _("%(file)s is empty (0 bytes). Please export it again."),
    _("%(file)s is empty: there is nothing but blanks in it. Please export it again."),
    _("%(file)s is empty: there is no row with anything in it. Please export it again."),
    _(
        "%(file)s holds no list of objects. A review file in JSON is an array of objects, or an object "
        "with such an array inside."
    ),
    _("%(file)s, line %(line)s: the line is too long. Is every object on its own line?"),
    _("%(file)s, line %(line)s: this is not JSON. Please correct or delete the line."),
    _("%(file)s, line %(line)s: an object {…} is expected on every line."),
    _(
        "%(file)s is not complete JSON: something is wrong in line %(line)s, column %(column)s. Please "
        "save or download it again."
    ),
    _("%(file)s is nested too deeply to be a list of reviews."),
    _("%(file)s has more than %(count)s different keys. Please keep only what is about the reviews."),
    _(
        "%(file)s: Parquet needs the extra \"bulk\". Install it with: pip install 'wanhui[bulk]'; or use csv or "
        "xlsx instead."
    ),
    _("%(file)s has the ending of a Parquet file but is none inside. Please export it again."),
    _("%(file)s is an encrypted Parquet file. Please save it without encryption and try again."),
    _(
        "%(file)s is a damaged Parquet file and cannot be read. It may have been cut off while downloading; please "
        "export or download it again."
    ),
    _(
        "%(file)s has a row group of %(size)s MB, more than can be opened at once. Please save it with smaller row "
        "groups (100,000 rows each), or as csv."
    ),
    _('%(file)s has the ending "%(ending)s", which is not known. Please use one of: %(known)s.'),
    _("%(file)s has no ending, which is not known. Please use one of: %(known)s."),
    _("%(file)s is an archive or a PDF, not a table. Please unpack it or export a table."),
    _("%(file)s has the ending of an Excel file but is none inside, or it is damaged. Please export it again."),
    _("%(file)s is a web page inside, whatever its ending. Please open it in Excel or WPS and save it as xlsx."),
    _("%(file)s is larger than %(size)s MB. Please save the sheet as CSV, which can be of any size."),
    _("%(file)s is protected with a password. Please open it in Excel, remove the password, save, and try again."),
    _(
        "%(file)s is damaged and cannot be read (%(why)s). It may have been cut off while downloading; "
        "please export or download it again."
    ),
    _("%(file)s has no visible sheet with data that can be read. Please export it again."),
    _(
        "%(file)s has %(count)s columns; at most %(most)s are read. Please keep only the columns about the "
        "reviews and try again."
    ),
    _("%(file)s: a cell in row %(row)s is longer than %(count)s characters."),
    _("%(file)s is an archive but not an Excel file. Please unpack it and choose the file inside."),
    _(
        "%(file)s would unpack to %(size)s MB, far more than a review export needs; it was not opened. "
        "Please save the sheet as CSV and try again."
    ),
    _(
        "%(file)s has something in column %(column)s; at most %(most)s columns are read. Please delete "
        "what is far to the right and try again."
    ),
    _(
        "%(file)s has a sheet of %(rows)s rows and %(columns)s columns, more than can be opened at once. "
        "Please save it as CSV, which can be of any size."
    ),
    _(
        '%(file)s has two columns named "%(header)s" (columns %(first)s and %(second)s) and both hold '
        "data. Please rename or delete one of them and try again."
    ),
    _(
        "%(file)s is UTF-32, which spreadsheets do not write. Please open it where it reads well and save it "
        'as "CSV UTF-8", or as xlsx.'
    ),
    _(
        "%(file)s: line %(line)s is longer than %(count)s characters. Is this a table of reviews? Please "
        "export it again, one review a line."
    ),
    _("%(file)s was changed while it was read. Please wait until it is saved, and try again."),
    _("%(file)s holds a number of thousands of digits. Please correct it and try again."),
    _("%(file)s is an XML document inside, whatever its ending. Please open it in Excel or WPS and save it as xlsx."),
    _("%(file)s is a pipe or a device and not a file. Please copy it into a file first."),
    _("%(file)s is a picture or a film inside, not a table. Please export the reviews as xlsx or csv."),
    _("%(file)s is a program inside, not a table. Please export the reviews as xlsx or csv."),
    _("%(file)s is a database inside, not a table. Please export the reviews as xlsx or csv."),
    _("%(file)s is a rich text document (RTF) inside, not a table. Please export the reviews as xlsx or csv."),
    _("%(file)s is a Word document inside, not a table. Please export the reviews as xlsx or csv."),
    _(
        "%(file)s holds %(count)s parts, far more than an Excel file needs; it was not opened. Please save "
        "the sheet as CSV and try again."
    ),
    _(
        "%(file)s carries a document type definition, which no Excel file needs; it was not opened. Please "
        "save it again in Excel or WPS."
    ),
    _("There is no file %(file)s. Please check the name and the folder."),
    _("%(file)s cannot be opened: %(why)s."),
    _("The file %(file)s is no longer kept. Please upload it again."),
)

Option Explicit
Option Private Module

' What only Excel on Windows has: the place of the program, xlwings' library, recalculation by sheets, protection,
' what asks the user.

Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr

' The folder of the Python environment: set by the installer, or its place for a user without administrator rights.
Public Function AlvhHome() As String
    AlvhHome = GetSetting("xlalvh", "Install", "Environment", Environ$("LOCALAPPDATA") & "\xlalvh\environment")
End Function

' Load the library that fits this Excel; a Declare finds it by name once it is loaded.
Public Function AlvhLoadLibrary(ByVal home As String) As Boolean
    Dim handle As LongPtr, bits As String, path As String
    bits = "32"
    If Len(handle) = 8 Then bits = "64"
    path = home & "\xlwings" & bits & "-" & XLWINGS_VERSION & ".dll"
    handle = LoadLibraryW(StrPtr(path))
    AlvhLoadLibrary = (handle <> 0)
End Function

' Recalculate the books that were refreshed while closed; where wanted, the sheets of others that hold our functions.
Public Sub AlvhRecalculate(ByVal others As Boolean)
    Dim book As Object, sheet As Object, waits As Boolean, due As Boolean
    For Each book In Application.Workbooks
        waits = AlvhWaits(book)
        For Each sheet In book.Worksheets
            due = waits
            If others And Not due Then due = Not sheet.UsedRange.Find("ALVH_", , xlFormulas, xlPart) Is Nothing
            If due And sheet.EnableCalculation Then
                sheet.EnableCalculation = False
                sheet.EnableCalculation = True
            End If
        Next sheet
    Next book
End Sub

' A text for a cell: with the mark it is never taken for a formula, a date or a number.
Public Function AlvhText(ByVal text As String) As String
    AlvhText = "'" & text
End Function

' Offer a macro under Excel's own Undo, which the macro that just ran has cleared.
Public Sub AlvhOfferUndo(ByVal text As String, ByVal macro As String)
    Application.OnUndo text, AlvhMacro(macro)
End Sub

' Have Esc run a macro, or be itself again.
Public Sub AlvhEscape(ByVal macro As String)
    If Len(macro) > 0 Then
        Application.OnKey "{ESC}", AlvhMacro(macro)
    Else
        Application.OnKey "{ESC}"
    End If
End Sub

' Where the user wants a new book; empty if nowhere.
Public Function AlvhAskForFile() As String
    Dim chosen As Variant
    chosen = Application.GetSaveAsFilename("alvh.xlsm", "Excel workbook with macros (*.xlsm),*.xlsm", , "New ALVH workbook")
    If VarType(chosen) = vbString Then AlvhAskForFile = chosen
End Function

' Run a command of the environment in a window that stays open.
Public Sub AlvhConsole(ByVal command As String)
    Dim quote As String
    quote = Chr$(34)
    Shell "cmd.exe /k " & quote & quote & AlvhHome() & "\Scripts\python.exe" & quote & " -I -m xlalvh " & command & quote, _
        vbNormalFocus
End Sub

' The book that macros are about: that in front for the add-in, else their own.
Public Function AlvhBook() As Object
    If ThisWorkbook.IsAddin Then
        Set AlvhBook = ActiveWorkbook
    Else
        Set AlvhBook = ThisWorkbook
    End If
End Function

' Take a sheet's protection off; what it was. It fails where a password protects the sheet.
Public Function AlvhUnlock(ByVal sheet As Object) As Variant
    Dim p As Object
    If Not sheet.ProtectContents Then Exit Function
    Set p = sheet.Protection
    AlvhUnlock = Array(sheet.ProtectDrawingObjects, sheet.ProtectScenarios, p.AllowFormattingCells, _
        p.AllowFormattingColumns, p.AllowFormattingRows, p.AllowInsertingColumns, p.AllowInsertingRows, _
        p.AllowInsertingHyperlinks, p.AllowDeletingColumns, p.AllowDeletingRows, p.AllowSorting, p.AllowFiltering, _
        p.AllowUsingPivotTables)
    On Error Resume Next
    sheet.Unprotect ""
    On Error GoTo 0
    If sheet.ProtectContents Then
        Err.Raise 1004, , "a password protects the sheet " & sheet.Name & "; take the password away"
    End If
End Function

' Protect a sheet as it was.
Public Sub AlvhLock(ByVal sheet As Object, ByVal was As Variant)
    If Not IsArray(was) Then Exit Sub
    sheet.Protect "", was(0), True, was(1), False, was(2), was(3), was(4), was(5), was(6), was(7), was(8), was(9), _
        was(10), was(11), was(12)
End Sub

' Whether a book's dates count from 1904.
Public Function AlvhCountsFrom1904(ByVal book As Object) As Boolean
    AlvhCountsFrom1904 = book.Date1904
End Function
